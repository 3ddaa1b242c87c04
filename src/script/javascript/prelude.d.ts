/** JavaScript for the virtual machine, imported as text. */
declare module '*.prelude.js' {
  const source: string;
  export default source;
}
