/** A stored hash, its password, and where the pair was published or made. */
export interface Vector {
  readonly from: string;
  readonly password: string;
  readonly hash: string;
}

const argon2: Vector[] = [
  [
    'argon2id',
    'password',
    '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4',
  ],
  [
    'argon2id, two lanes',
    'password',
    '$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc',
  ],
  [
    'argon2id, 64 MiB',
    'password',
    '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
  ],
  [
    'argon2id, another password',
    'differentpassword',
    '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$C4TWUs9rDEvq7w3+J4umqA32aWKB1+DSiRuBfYxFj94',
  ],
  [
    'argon2id, another salt',
    'password',
    '$argon2id$v=19$m=65536,t=2,p=1$ZGlmZnNhbHQ$vfMrBczELrFdWP0ZsfhWsRPaHppYdP3MVEMIVlqoFBw',
  ],
  [
    'argon2id, version 0x10',
    'password',
    '$argon2id$v=16$m=65536,t=2,p=1$c29tZXNhbHQ$mA69JKTmZ/FjRvnUp4sXVyh4NhPgzG+xfC7IhLFkNd8',
  ],
  [
    'argon2i',
    'password',
    '$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$wWKIMhR9lyDFvRz9YTZweHKfbftvj+qf+YFY4NeBbtA',
  ],
  [
    'argon2i, version 0x10, which is not written',
    'password',
    '$argon2i$m=65536,t=2,p=1$c29tZXNhbHQ$9sTbSlTio3Biev89thdrlKKiCaYsjjYVJxGAL3swxpQ',
  ],
].map(([name = '', password = '', hash = '']) => ({
  from: `the reference implementation: ${name}`,
  password,
  hash,
}));

const bcrypt: Vector[] = [
  ['crypt_blowfish', 'U*U', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
  ['crypt_blowfish', 'U*U*', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK'],
  ['crypt_blowfish', 'U*U*U', '$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a'],
  ['jBCrypt', '', '$2a$06$DCq7YPn5Rq63x1Lad4cll.TV4S6ytwfsfvkgY8jIucDrjc8deX1s.'],
  ['jBCrypt', 'a', '$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe'],
  ['jBCrypt', 'abcdefghijklmnopqrstuvwxyz', '$2a$06$.rCVZVOThsIa97pEDOxvGuRRgzG64bvtJ0938xuqzv18d3ZpQhstC'],
  [
    'jBCrypt',
    '~!@#$%^&*()      ~!@#$%^&*()PNBFRD',
    '$2a$06$fPIsBO8qRqkjj273rfaOI.HtSV9jLDpTbZn782DC6/t7qT67P6FfO',
  ],
  ['libxcrypt, 2y', 'pleaseletmein', '$2y$10$NzYnl8Ic0zjPXe7ZQrWErewhsAIX33cqW.2Hmi.wfO31Qw5KOlbTS'],
  ['libxcrypt, 2b, 72 bytes', 'x'.repeat(72), '$2b$04$CCCCCCCCCCCCCCCCCCCCC.ug0A3dTXhy5U.dFjx/qguZ8I4CB77BC'],
  [
    'libxcrypt, 2b, UTF-8',
    'l\u00e8tmein \u{1F600}',
    '$2b$04$CCCCCCCCCCCCCCCCCCCCC.bEuxPIlfLedMstW0fCgpPzd9xW7vB8a',
  ],
].map(([from = '', password = '', hash = '']) => ({ from, password, hash }));

const scrypt: Vector[] = [
  [
    'RFC 7914 §12',
    'password',
    '$scrypt$ln=10,r=8,p=16$TmFDbA$/bq+HJ00cgB4VucZDQHp/nxq18vII3gw53N2Y0s3MWIurzDZLiKjiG/xCSedmDDaxyevuUqD7m2DYMvfoswGQA',
  ],
  [
    'RFC 7914 §12',
    'pleaseletmein',
    '$scrypt$ln=14,r=8,p=1$U29kaXVtQ2hsb3JpZGU$cCO9yzr9c0hGHAbNgf046/2o+7qQT44+qbVD9lRdofLVQylVYT8Pz2LUlwUkKpr55h6F3A1lHkDfzwF7RVdYhw',
  ],
  [
    'Passlib',
    'password',
    '$scrypt$ln=16,r=8,p=1$aM15713r3Xsvxbi31lqr1Q$nFNh2CVHVjNldFVKDHDlm4CbdRSCdEBsjjJxD+iCs5E',
  ],
  [
    'AdonisJS',
    'seven unlikely pelicans',
    '$scrypt$n=16384,r=8,p=1$++++++++++++++++++++++++$QaFqA9JmjOMcdsMrCobuFg0fCNAKbmtfOfUx23HmQdM',
  ],
  [
    'Django',
    'l\u00e8tmein',
    'scrypt$seasalt$16384$8$5$ECMIUp+LMxMSK8xB/IVyba+KYGTI7FTnet025q/1f/vBAVnnP3hdYqJuRi+mJn6ji6ze3Fbb7JEFPKGpuEf5vw==',
  ],
  [
    'Werkzeug',
    'seven unlikely pelicans',
    'scrypt:32768:8:1$NOp2Y1vGAkZ3pQxR$acdaf740bce44240a163d7408c76ca96fe7498732664dd8e25c60f29f1bb487d44a7c60acafb1e5370d735dcf6354359623544b3ec4ee985fcb21de1e30477ef',
  ],
].map(([from = '', password = '', hash = '']) => ({ from, password, hash }));

const pbkdf2: Vector[] = [
  ['RFC 6070, one round', 'password', '$pbkdf2$1$c2FsdA$DGDID5YfDnHzqbUkr2ASBi/gN6Y'],
  ['RFC 6070, 4,096 rounds', 'password', '$pbkdf2$4096$c2FsdA$SwB5AbdlSJq.rUnZJvch0GWkKcE'],
  [
    'RFC 6070, 25 bytes',
    'passwordPASSWORDpassword',
    '$pbkdf2-sha1$4096$c2FsdFNBTFRzYWx0U0FMVHNhbHRTQUxUc2FsdFNBTFRzYWx0$PS7sT.QchJuAyNg2YsDkSospGpZM8vBwOA',
  ],
  ['RFC 6070, a NUL', 'pass\0word', '$pbkdf2$4096$c2EAbHQ$Vvpqp1VICZ3MN9fwNCXgww'],
  [
    'its twin with SHA-256',
    'password',
    '$pbkdf2-sha256$4096$c2FsdA$xeR41ZKIyEGqUw22hFxMjZYok6ABzk4RpJY4c6qYE0o',
  ],
  [
    'its twin with SHA-512',
    'password',
    '$pbkdf2-sha512$4096$c2FsdA$0Zexsz2wFD4BixLz0dFHnmzevcyXxcD4f2kC4HL0V7UUPzBgJkGz1VzTNZiMs2uEN2Bg7NUy4Dm3QqI5Q0ry1Q',
  ],
  [
    'RFC 7914 §11',
    'passwd',
    '$pbkdf2-sha256$i=1,l=64$c2FsdA$VawEblbjCJ/sFpHCJUS2BflBhSFt3gRl5oudV8INrLxJypzM8Xm2RZkWZLOdd+8xfHG4RbHjC9UJESBB06GXgw',
  ],
  [
    'RFC 7914 §11',
    'Password',
    '$pbkdf2-sha256$i=80000$TmFDbA$TdzY9guYviGDDO5e8icB+WQaRBjQTAQUrv8Ih2s0q1ah1CWhIlgzVJrbhBtRybMXaicr3ruh0HhHj2Kzl/M8jQ',
  ],
  [
    'Passlib',
    'password',
    '$pbkdf2-sha256$6400$.6UI/S.nXIk8jcbdHx3Fhg$98jZicV16ODfEsEZeYPGHU3kbrUrvUEXOPimVSQDD44',
  ],
  [
    'Passlib',
    'password',
    '$pbkdf2-sha256$1212$4vjV83LKPjQzk31VI4E0Vw$hsYF68OiOUPdDZ1Fg.fJPeq1h/gXXY7acBp9/6c.tmQ',
  ],
  ['Django', 'l\u00e8tmein', 'pbkdf2_sha256$260000$seasalt$YlZ2Vggtqdc61YjArZuoApoBh9JNGYoDRBUGu6tcJQo='],
  [
    'Werkzeug',
    'seven unlikely pelicans',
    'pbkdf2:sha256:5000$yU9w1lqzT3bFh7Xs$9fc7b9d27a303363a25536468d5b7a71d119d0cc3585ecaeaa733b052de8626c',
  ],
].map(([from = '', password = '', hash = '']) => ({ from, password, hash }));

/** Published pairs of passwords and hashes, of every scheme and spelling that is read. */
export const vectors: readonly Vector[] = [...argon2, ...bcrypt, ...scrypt, ...pbkdf2];

/** Kept apart: it verifies only where it is asked for. */
export const argon2d: Vector = {
  from: 'the reference implementation: argon2d',
  password: 'password',
  hash: '$argon2d$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$lV5dWxY6G2C7o1/DbQSWR0+6T2tZrVNihmbwf7L5Pq8',
};
