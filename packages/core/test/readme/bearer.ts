import { createAccessTokenIssuer } from '@secapi/tokens';
import { keys } from './security.js';

const names = { issuer: 'https://api.example', audience: 'https://api.example' };

/** The `Authorization` of somebody whom the READMEs' shield knows. */
export async function bearer(subject: string): Promise<string> {
  const { token } = await createAccessTokenIssuer({ keys, ...names }).issue({ subject, session: 'session' });
  return `Bearer ${token}`;
}
