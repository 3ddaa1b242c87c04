// attack: a static import of a file outside the folder
// expect: error permission.read
import secret from '../outside/secret.js';
print(secret);
