import type { Redis } from 'ioredis';

/** Moves the slot of the limits to another master as `redis-cli --cluster reshard` does, a few keys at a time. */
export async function moveSlot(admins: readonly Redis[]): Promise<void> {
  const [any] = admins;
  const slot = Number(await any?.call('CLUSTER', 'KEYSLOT', '{secapi:limit}'));
  const sizes = await Promise.all(admins.map((admin) => admin.call('CLUSTER', 'COUNTKEYSINSLOT', slot)));
  const from = sizes.findIndex((size) => Number(size) > 0);
  const source = admins[from];
  const target = admins[(from + 1) % admins.length];
  if (!source || !target) throw new Error('nothing to move');
  const sourceId = String(await source.call('CLUSTER', 'MYID'));
  const targetId = String(await target.call('CLUSTER', 'MYID'));
  await target.call('CLUSTER', 'SETSLOT', slot, 'IMPORTING', sourceId);
  await source.call('CLUSTER', 'SETSLOT', slot, 'MIGRATING', targetId);
  for (;;) {
    const keys = await source.call('CLUSTER', 'GETKEYSINSLOT', slot, 10);
    if (!Array.isArray(keys) || keys.length === 0) break;
    await source.call(
      'MIGRATE',
      '127.0.0.1',
      target.options.port ?? 0,
      '',
      0,
      1_000,
      'KEYS',
      ...keys.map(String),
    );
  }
  for (const admin of [target, source, ...admins])
    await admin.call('CLUSTER', 'SETSLOT', slot, 'NODE', targetId);
}
