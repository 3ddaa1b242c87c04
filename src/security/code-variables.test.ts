import { expect, it } from 'vitest';
import { loadsCode } from './code-variables.js';

it.each([
  ...[
    'LD_PRELOAD',
    'LD_LIBRARY_PATH',
    'DYLD_INSERT_LIBRARIES',
    'GCONV_PATH',
    'GLIBC_TUNABLES',
    'HOSTALIASES',
  ],
  ...['NODE_OPTIONS', 'node_options', 'NODE_PATH', 'npm_config_script_shell', 'PYTHONPATH', 'PYTHONWARNINGS'],
  ...[
    'PERL5OPT',
    'RUBYOPT',
    'LUA_INIT',
    'JAVA_TOOL_OPTIONS',
    '_JAVA_OPTIONS',
    'DOTNET_STARTUP_HOOKS',
    'PHPRC',
  ],
  ...[
    'BASH_ENV',
    'ENV',
    'SHELLOPTS',
    'PS4',
    'PROMPT_COMMAND',
    'IFS',
    'PATH',
    'Path',
    'HOME',
    'SHELL',
    'ZDOTDIR',
  ],
  ...['GIT_EXTERNAL_DIFF', 'GIT_PAGER', 'GIT_EXEC_PATH', 'GIT_CONFIG_COUNT', 'SSH_ASKPASS', 'RSYNC_RSH'],
  ...['PAGER', 'EDITOR', 'VISUAL', 'BROWSER', 'LESS', 'LESSOPEN', 'MANPAGER', 'VIMINIT', 'EXINIT'],
  ...['MAKEFLAGS', 'MAKEFILES', 'GOFLAGS', 'RUSTC_WRAPPER', 'CC', 'TAR_OPTIONS', 'ZIPOPT', 'FFREPORT'],
  ...['XDG_CONFIG_HOME', 'OPENSSL_CONF', 'DBUS_SESSION_BUS_ADDRESS', 'KUBECONFIG', 'AWS_CONFIG_FILE'],
])('%s is refused', (name) => {
  expect(loadsCode(name)).toBe(true);
});

it.each([
  ...['TZ', 'TERM', 'LC_ALL', 'USER', 'TMPDIR', 'NO_COLOR', 'NODE_ENV', 'PYTHONUNBUFFERED', 'MY_APP_MODE'],
  ...['ENVIRONMENT', 'PATHNAME', 'GOOGLE_API_KEY', 'GITHUB_TOKEN', 'LESSON', 'ZIPCODE', 'MAKER', 'ACCOUNT'],
  ...['SSH_AUTH_SOCK', 'MYSQL_PWD', 'PGPASSWORD', 'AWS_ACCESS_KEY_ID', 'http_proxy'],
])('%s is not', (name) => {
  expect(loadsCode(name)).toBe(false);
});
