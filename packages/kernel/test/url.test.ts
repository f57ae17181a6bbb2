import { expect, it } from 'vitest';
import { isSafeUrl } from '../src/index.js';

it.each([
  'https://a.example',
  'http://localhost:1',
  'http://127.0.0.1',
  'http://127.1.2.3:80',
  'http://[::1]:80',
])('takes %s for safe', (url) => expect(isSafeUrl(new URL(url))).toBe(true));

it.each([
  ...['http://a.example', 'ftp://localhost', 'javascript:alert(1)', 'file:///etc/passwd', 'ws://127.0.0.1'],
  ...['http://localhost.evil.example', 'http://127.0.0.1.evil.example', 'http://[::2]', 'http://10.0.0.1'],
])('takes %s for unsafe', (url) => expect(isSafeUrl(new URL(url))).toBe(false));
