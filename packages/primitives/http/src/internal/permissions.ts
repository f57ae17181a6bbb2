import { ConfigError, checkOptions } from '@secapi/kernel';
import { serializeDictionary, Token } from 'structured-headers';
import { checkOrigin } from './origin.js';

/** Everything that asks for a user's trust, and that no API needs. */
const denied = [
  'accelerometer',
  'autoplay',
  'camera',
  'clipboard-read',
  'clipboard-write',
  'cross-origin-isolated',
  'display-capture',
  'encrypted-media',
  'fullscreen',
  'gamepad',
  'geolocation',
  'gyroscope',
  'hid',
  'idle-detection',
  'keyboard-map',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'picture-in-picture',
  'publickey-credentials-get',
  'screen-wake-lock',
  'serial',
  'sync-xhr',
  'usb',
  'web-share',
  'xr-spatial-tracking',
];

/** A `Permissions-Policy` value: the user's features over the denied ones, as a structured dictionary (RFC 9651). */
export function compilePermissions(
  option: string,
  features: Readonly<Record<string, readonly string[]>>,
): string {
  checkOptions(option, features, Object.keys(features));
  const lists = new Map<string, readonly string[]>(denied.map((name) => [name, []]));
  for (const [name, list] of Object.entries(features)) {
    if (!/^[a-z][a-z-]{0,60}$/.test(name)) {
      throw new ConfigError(`${option}.${name}`, 'is not a feature', "write it like 'geolocation'");
    }
    if (!Array.isArray(list)) {
      throw new ConfigError(`${option}.${name}`, 'is not a list', "write [], ['self'] or origins");
    }
    for (const [i, item] of list.entries()) if (item !== 'self') checkOrigin(`${option}.${name}[${i}]`, item);
    lists.set(name, list);
  }
  return serializeDictionary(
    new Map(
      [...lists].map(([name, list]) => [
        name,
        [list.map((item) => [item === 'self' ? new Token('self') : item, new Map()]), new Map()],
      ]),
    ),
  );
}
