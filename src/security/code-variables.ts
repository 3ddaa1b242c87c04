/**
 * Variables through which whoever sets them can make a program run other code, load other libraries, read another
 * configuration (which then does so), or write files. Nobody can list them all: what is granted is a program
 * *with* its own behaviour, and this list keeps out what is well known.
 */
const BEGINNINGS = [
  // The loader and the C library.
  ['LD_', 'DYLD_', 'GLIBC_', '_RLD', 'GCONV_', 'MALLOC_', 'LOCPATH', 'NLSPATH', 'HOSTALIASES', 'RES_OPTIONS'],
  // Interpreters and virtual machines.
  [
    'NODE_',
    'NPM_',
    'YARN_',
    'BUN_',
    'DENO_',
    'ELECTRON_',
    'PYTHON',
    'PERL',
    'RUBY',
    'GEM_',
    'BUNDLE_',
    'LUA_',
    'PHP',
  ],
  ['JAVA_', '_JAVA_', 'JDK_', 'CLASSPATH', 'MAVEN_', 'GRADLE_', 'ANT_', 'SBT_', 'JULIA_', 'R_', 'TCLLIBPATH'],
  ['DOTNET_', 'CORECLR_', 'COR_', 'COMPLUS_', 'ERL_', 'GUILE_', 'AWKPATH', 'AWKLIBPATH', 'EMACS', 'PSMODULE'],
  // Shells.
  ['BASH_', 'BASHOPTS', 'SHELLOPTS', 'KSH_', 'ZDOTDIR', 'PROMPT_COMMAND', 'INPUTRC', 'HISTFILE'],
  // Version control, remote shells, pagers, editors.
  ['GIT_', 'HGRC', 'HGEDITOR', 'HGMERGE', 'SVN_', 'CVS_', 'BZR_', 'P4', 'RSYNC_', 'SSH_ASKPASS', 'SSH_SK'],
  [
    'SUDO_ASKPASS',
    'SUDO_EDITOR',
    'GNUPGHOME',
    'GPG_AGENT',
    'LESSOPEN',
    'LESSCLOSE',
    'LESSKEY',
    'LESS_',
    'MANPAGER',
  ],
  ['SYSTEMD_', 'VIM', 'EXINIT', 'MYVIMRC'],
  // Build tools and compilers.
  [
    'MAKEFILES',
    'MAKEFLAGS',
    'MAKESHELL',
    'GNUMAKE',
    'MFLAGS',
    'CARGO_',
    'RUSTC',
    'RUSTFLAGS',
    'RUSTUP_',
    'CGO_',
  ],
  ['GOFLAGS', 'GOPATH', 'GOROOT', 'GOTOOL', 'GOENV', 'GOBIN', 'CMAKE_', 'PKG_CONFIG', 'ACLOCAL'],
  // Programs that read commands or plug-ins from their options or configuration.
  [
    'TAR_OPTIONS',
    'ZIPOPT',
    'UNZIPOPT',
    'MAGICK_',
    'GS_',
    'FFREPORT',
    'FREI0R_',
    'LADSPA_',
    'LV2_',
    'GVBINDIR',
  ],
  [
    'GST_',
    'GTK_',
    'GIO_',
    'GDK_',
    'QT_',
    'VK_',
    'TERMINFO',
    'TERMCAP',
    'OPENSSL_',
    'SSLKEYLOGFILE',
    'KRB5_',
    'SASL_',
  ],
  [
    'CURL_HOME',
    'WGETRC',
    'NETRC',
    'PGSERVICE',
    'PGSYSCONF',
    'PSQL',
    'MYSQL_HOME',
    'MYSQL_TEST',
    'ODBC',
    'GDAL_',
  ],
  ['DBUS_', 'XDG_', 'DOCKER_', 'KUBE', 'HELM_', 'TF_', 'ANSIBLE_', 'AWS_CONFIG', 'AWS_SHARED', 'CLOUDSDK_'],
].flat();

const NAMES = new Set(
  [
    [
      'PATH',
      'PATHEXT',
      'COMSPEC',
      'HOME',
      'SHELL',
      'ENV',
      'IFS',
      'FPATH',
      'CDPATH',
      'PS1',
      'PS2',
      'PS3',
      'PS4',
    ],
    ['PAGER', 'EDITOR', 'VISUAL', 'FCEDIT', 'BROWSER', 'LESS', 'GREP_OPTIONS', 'RSH', 'TAPE', 'ZIP', 'UNZIP'],
    ['CC', 'CXX', 'CPP', 'LD', 'AR', 'AS', 'NM', 'FC'],
  ].flat(),
);

/** These begin like the ones above, but say nothing about where code comes from. */
const HARMLESS = new Set(
  [
    ['NODE_ENV', 'NODE_NO_WARNINGS'],
    ['PYTHONIOENCODING', 'PYTHONUNBUFFERED', 'PYTHONUTF8', 'PYTHONHASHSEED', 'PYTHONDONTWRITEBYTECODE'],
  ].flat(),
);

/** Whether setting this variable is a known way to make a program run other code. Upper and lower case are the same. */
export function loadsCode(name: string): boolean {
  const upper = name.toUpperCase();
  if (HARMLESS.has(upper)) return false;
  return NAMES.has(upper) || BEGINNINGS.some((beginning) => upper.startsWith(beginning));
}
