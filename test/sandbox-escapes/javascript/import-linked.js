// attack: a static import through a linked folder
// expect: error permission.read
import secret from './linked/secret.js';
print(secret);
