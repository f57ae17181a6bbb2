/** Ten minutes of requests of many clients, a steady few and bursts, the same each time: the traffic that `@secapi/rate-limit` is tested with. */
export function burstyTraffic(): { readonly at: number; readonly client: number }[] {
  let seed = 0x9e3779b9;
  const random = (): number => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), seed | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const wait = (mean: number): number => Math.ceil(-Math.log(1 - random()) * mean);
  const minutes10 = 600_000;
  const requests: { at: number; client: number }[] = [];
  for (let client = 0; client < 40; client++) {
    const pace = 800 + client * 150; // from well above the limit to well below
    for (let at = wait(pace); at < minutes10; at += wait(pace)) requests.push({ at, client });
    for (let start = wait(30_000); start < minutes10; start += wait(30_000)) {
      const size = 5 + Math.floor(random() * 40);
      let at = start;
      for (let i = 0; i < size && at < minutes10; i++) {
        requests.push({ at, client });
        at += wait(60);
      }
    }
  }
  return requests.sort((one, other) => one.at - other.at);
}
