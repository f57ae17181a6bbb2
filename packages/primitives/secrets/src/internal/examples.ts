/**
 * Secrets that everybody knows: those of documentation, tutorials and standards, in lower case without marks. None of
 * them can be told from a good one by its looks.
 */
const examples: ReadonlySet<string> = new Set(
  [
    // jwt.io, now and before
    'a-string-secret-at-least-256-bits-long',
    'a-valid-string-secret-that-is-at-least-512-bits-long-which-is-very-long',
    'your-256-bit-secret',
    'your-384-bit-secret',
    'your-512-bit-secret',
    // RFC 7515 appendix A: the keys of HS256 and ES256; RFC 8037 appendix A: that of Ed25519; RFC 7517 appendix A
    'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow',
    'jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI',
    'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A',
    'GawgguFyGrWKav7AX4VKUg',
    '870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE',
    // Flask, FastAPI and Spring tutorials
    '192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dc987d54727823bcbf',
    '09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7',
    '404E635266556A586E3272357538782F413F4428472B4B6250645367566B5970',
    // iron-session, @fastify/secure-session, @fastify/session, @hapi/cookie, express-session
    'complex_password_at_least_32_characters_long',
    'averylogphrasebiggerthanthirtytwochars',
    'a secret with minimum length of 32 characters',
    'password-should-be-32-characters',
    '!wsYhFA*C2U6nz=Bu^%A@^F#SF3&kSR6',
    'keyboard cat',
    // Laravel, Lumen and Symfony
    'SomeRandomString',
    'SomeRandomStringWith32Characters',
    'ThisTokenIsNotSoSecretChangeIt',
    'ThisTokenIsNotSoSecretSoChangeIt',
    // NestJS
    'DO NOT USE THIS VALUE. INSTEAD, CREATE A COMPLEX SECRET AND KEEP IT SAFE OUTSIDE OF THE SOURCE CODE.',
    // Supabase's and other projects' files of settings
    'super-secret-jwt-token-with-at-least-32-characters-long',
    'your-super-secret-jwt-token-with-at-least-32-characters-long',
  ].map(normalized),
);

/** The beginnings of secrets that a program has made as a placeholder, or of well-known keys: Django; RFC 7515's RSA key. */
const beginnings = [
  'django-insecure-',
  'ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp',
].map(normalized);

/** Whether a text is a secret of somebody's documentation, however its words are joined, also with something around it. */
export function isExample(text: string): boolean {
  const plain = normalized(text);
  if (examples.has(plain) || beginnings.some((beginning) => plain.startsWith(beginning))) return true;
  for (const example of examples) if (example.length >= 16 && plain.includes(example)) return true;
  return false;
}

function normalized(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, '');
}
