/** Commands and the letters or signs they stand for. */
const TABLE = `
ss ß  ae æ  AE Æ  oe œ  OE Œ  o ø  O Ø  aa å  AA Å  l ł  L Ł  i ı  j ȷ  dh ð  DH Ð  th þ  TH Þ  dj đ
DJ Đ  ng ŋ  NG Ŋ  textendash –  textemdash —  ldots …  dots …  textellipsis …  textquoteright ’
textquoteleft ‘  textquotedblleft “  textquotedblright ”  textasciitilde ~  textunderscore _
copyright ©  textregistered ®  texttrademark ™  pounds £  euro €  texteuro €  S §  P ¶  dag †  ddag ‡
guillemotleft «  guillemotright »  TeX TeX  LaTeX LaTeX  BibTeX BibTeX  times ×  pm ±  sim ∼  infty ∞
to →  leq ≤  geq ≥  neq ≠  cdot ·  degree °  textdegree °  alpha α  beta β  gamma γ  delta δ  epsilon ε
zeta ζ  eta η  theta θ  kappa κ  lambda λ  mu μ  nu ν  xi ξ  pi π  rho ρ  sigma σ  tau τ  phi φ  chi χ
psi ψ  omega ω  Gamma Γ  Delta Δ  Theta Θ  Lambda Λ  Pi Π  Sigma Σ  Phi Φ  Psi Ψ  Omega Ω
`;
const SPACES = ['quad', 'qquad', 'space', 'newline', 'par'];

/** What commands without arguments stand for. */
export const SYMBOLS: Readonly<Record<string, string>> = Object.fromEntries([
  ...TABLE.trim()
    .split(/\s{2,}|\n/)
    .map((pair) => pair.split(' ') as [string, string]),
  ...SPACES.map((name) => [name, ' ']),
  ['textbackslash', '\\'],
]);
