import { describe, expect, it } from 'vitest';
import { countingEngine, engines, hasherOn } from './both-engines.js';

const salt = 'AAAAAAAAAAAAAAAAAAAAAA';
const digest = 'A'.repeat(43);
const bcrypt = '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'; // of U*U
const argon2 = '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4'; // of password

const planted: [string, string][] = [
  ['4 TiB of memory', `$argon2id$v=19$m=4294967295,t=1,p=1$${salt}$${digest}`],
  ['1 GiB of memory', `$argon2id$v=19$m=1048576,t=1,p=1$${salt}$${digest}`],
  ['four thousand million passes', `$argon2id$v=19$m=8,t=4294967295,p=1$${salt}$${digest}`],
  ['as much work as 64 passes over 256 MiB', `$argon2id$v=19$m=262144,t=64,p=1$${salt}$${digest}`],
  ['255 lanes', `$argon2id$v=19$m=65536,t=1,p=255$${salt}$${digest}`],
  ['less memory than its lanes need', `$argon2id$v=19$m=31,t=1,p=4$${salt}$${digest}`],
  ['no memory', `$argon2id$v=19$m=0,t=1,p=1$${salt}$${digest}`],
  ['no passes', `$argon2id$v=19$m=65536,t=0,p=1$${salt}$${digest}`],
  ['a negative cost', `$argon2id$v=19$m=-1,t=1,p=1$${salt}$${digest}`],
  ['a digest of 4 bytes', `$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EA`],
  ['a digest of 15 bytes', `$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$${'A'.repeat(20)}`],
  ['no digest', '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$'],
  ['no digest at all', '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ'],
  ['a digest of a kilobyte', `$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$${'A'.repeat(1_366)}`],
  ['a salt of 4 bytes', `$argon2id$v=19$m=256,t=2,p=1$c2FsdA$${digest}`],
  ['bits to spare in its digest', argon2.replace(/4$/, '5')],
  ['bits to spare in its salt', argon2.replace('c29tZXNhbHQ', 'c29tZXNhbHR')],
  ['padding', `${argon2}=`],
  ['a byte after it', `${argon2}!`],
  ['a line end after it', `${argon2}\n`],
  ['a NUL after it', `${argon2}\0`],
  ['a space before it', ` ${argon2}`],
  ['a field after it', `${argon2}$A`],
  ['m twice', argon2.replace('m=256,', 'm=256,m=256,')],
  ['t twice', argon2.replace('t=2,', 't=1,t=2,')],
  ['its parameters in another order', argon2.replace('m=256,t=2', 't=2,m=256')],
  ['a leading zero', argon2.replace('m=256', 'm=0256')],
  ['a plus sign', argon2.replace('t=2', 't=+2')],
  ['a version that there never was', argon2.replace('v=19', 'v=18')],
  ['two versions', argon2.replace('v=19$', 'v=16$v=19$')],
  ['parameters that nobody knows', argon2.replace('p=1', 'p=1,keyid=AAAA')],
  ['associated data', argon2.replace('p=1', 'p=1,data=AAAA')],
  ['another case', argon2.replace('argon2id', 'Argon2id')],
  ['base64url', argon2.replace('/4', '_4')],
  ['bcrypt of cost 31', bcrypt.replace('$05$', '$31$')],
  ['bcrypt of cost 16', bcrypt.replace('$05$', '$16$')],
  ['bcrypt of cost 3', bcrypt.replace('$05$', '$03$')],
  ['bcrypt of the faulty 2x', bcrypt.replace('$2a$', '$2x$')],
  ['bcrypt of the first version', bcrypt.replace('$2a$', '$2$')],
  ['bcrypt with bits to spare in its salt', bcrypt.replace('C.E5', 'C/E5')],
  ['bcrypt with bits to spare in its digest', bcrypt.replace(/W$/, 'X')],
  ['bcrypt with a byte after it', `${bcrypt}W`],
  ['bcrypt cut short', bcrypt.slice(0, -1)],
  ['bcrypt with a pepper', `{k1}${bcrypt}`],
  ['scrypt of 32 GiB', `$scrypt$ln=25,r=8,p=1$${salt}$${digest}`],
  ['scrypt of 2 to the 99', `$scrypt$ln=99,r=999,p=999$${salt}$${digest}`],
  ['scrypt of N=24, which is no power of two', `$scrypt$n=24,r=8,p=1$${salt}$${digest}`],
  ['scrypt of N=1', `scrypt$saltsalt$1$8$1$${digest}=`],
  ['scrypt with its parameters twice', `$scrypt$ln=10,ln=10,r=8,p=1$${salt}$${digest}`],
  ['scrypt with a digest of 8 bytes', `$scrypt$ln=10,r=8,p=1$${salt}$AAAAAAAAAAA`],
  ['scrypt with a salt of 3 bytes', `$scrypt$ln=10,r=8,p=1$AAAA$${digest}`],
  ['PBKDF2 of four thousand million rounds', `$pbkdf2-sha256$4294967295$${salt}$${digest}`],
  [
    'PBKDF2 of two blocks, each of all the rounds allowed',
    `$pbkdf2-sha256$4000000$${salt}$${'A'.repeat(86)}`,
  ],
  ['PBKDF2 of no rounds', `$pbkdf2-sha256$0$${salt}$${digest}`],
  ['PBKDF2 with MD5', `$pbkdf2-md5$1000$${salt}$${digest}`],
  ['PBKDF2 with a digest of 4 bytes', `$pbkdf2-sha256$1000$${salt}$AAAAAA`],
  ['PBKDF2 with another length than it says', `$pbkdf2-sha256$i=1000,l=64$${salt}$${digest}`],
  ['PBKDF2 of Django without padding', `pbkdf2_sha256$1000$seasalt$${digest}`],
  ['PBKDF2 of Werkzeug in upper case', `pbkdf2:sha256:1000$seasaltsalt$${'AB'.repeat(32)}`],
  ['plain text', 'password'],
  ['MD5 of the password', '5f4dcc3b5aa765d61d8327deb882cf99'],
  ['nothing', ''],
  ['a megabyte', `$argon2id$${'v=19$'.repeat(200_000)}`],
  ['a name as from Object.prototype', '$constructor$v=19$m=256,t=2,p=1$c29tZXNhbHQ$__proto__'],
];

describe.each(engines)('planted in the database, with the %s engine', (name, engine) => {
  const counting = countingEngine(engine);
  // Cheap to fail with, so that the table is fast; the real engine does the work.
  const hasher = hasherOn(counting, {
    memory: 7_168,
    iterations: 5,
    pepper: [{ id: 'k1', key: new Uint8Array(32) }],
  });

  // Whether a hash is read at all is decided before an engine is asked: JavaScript, being slow, gets every ninth.
  it.each(name === 'portable' ? planted.filter((_, index) => index % 9 === 0) : planted)(
    'a hash with %s is refused at the cost of a dummy',
    async (_what, hash) => {
      for (const password of ['password', 'U*U']) {
        counting.calls.length = 0;
        expect(await hasher.verify(password, hash)).toEqual({ ok: false, needsRehash: false });
        expect(counting.calls).toEqual(['argon2 m=7168 t=5']);
      }
    },
  );

  it('and its honest twin verifies', async () => {
    expect((await hasher.verify('password', argon2)).ok).toBe(true);
    expect((await hasher.verify('U*U', bcrypt)).ok).toBe(true);
  });
});
