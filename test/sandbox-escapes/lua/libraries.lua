-- attack: libraries that reach the host are not there
-- expect: value "debug=nil loadlib=nil cpath= ffi=false debug=false"
return ("debug=%s loadlib=%s cpath=%s ffi=%s debug=%s"):format(
  tostring(debug), tostring(package.loadlib), package.cpath, tostring((pcall(require, "ffi"))), tostring((pcall(require, "debug"))))
