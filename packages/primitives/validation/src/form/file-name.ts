const maxUnits = 100;
// what separates paths, what a shell or a file system reads as more than a name, and all that can't be seen
const unsafe = /[/\\:*?"<>|%]|\p{Cc}|\p{Cf}|\p{Z}|\p{Surrogate}/gu;
const devices = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/i;

/**
 * A file's name as it may be shown and kept: without its path, composed (NFC), nothing in it that a file system or a shell reads as more than a
 * name, 100 code units at most of which the extension stays. `file` where nothing is left.
 */
export function safeFileName(given: string): string {
  const last = given.slice(Math.max(given.lastIndexOf('/'), given.lastIndexOf('\\')) + 1).slice(-512);
  const plain = last
    .normalize('NFC')
    .replace(unsafe, '_')
    .replace(/^[._-]+/, '')
    .replace(/\.+$/, '');
  const dot = plain.lastIndexOf('.');
  const extension = dot > 0 ? plain.slice(dot).slice(0, 16) : '';
  const stem = (dot > 0 ? plain.slice(0, dot) : plain).slice(0, maxUnits - extension.length);
  const name = stem.replace(/[\ud800-\udbff]$/, '') + extension.replace(/[\ud800-\udbff]$/, '');
  if (name === '') return 'file';
  return devices.test(name) ? `_${name}` : name;
}
