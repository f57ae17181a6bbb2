import { ConfigError } from '@secapi/kernel';
import { expect, it } from 'vitest';
import { clearSiteData, type SiteData } from '../src/index.js';

it.each<[readonly SiteData[], string]>([
  [['cookies', 'storage'], '"cookies", "storage"'],
  [['cache'], '"cache"'],
  [['*'], '"*"'],
  [['cache', 'cache'], '"cache"'],
])('clears %j', (data, expected) => {
  expect(clearSiteData(data)).toBe(expected);
});

it.each([[[]], [['cookie']], [['"cookies"']], ['cookies'], [['cookies\r\nx: y']]])('refuses %j', (data) => {
  expect(() => clearSiteData(data as SiteData[])).toThrow(ConfigError);
});
