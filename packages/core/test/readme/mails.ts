import { compileRule, createRateLimiter } from '@secapi/rate-limit';

const limiter = createRateLimiter();
const mails = compileRule({ name: 'mails', limit: 3, window: '1h' });

export async function mayMail(address: string): Promise<boolean> {
  const reservation = await limiter.reserve([{ rule: mails, key: address }]);
  return reservation.allowed;
}
