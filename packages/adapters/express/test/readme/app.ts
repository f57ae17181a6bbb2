import { route } from '@secapi/core';
import { secapi } from '@secapi/express';
import express from 'express';
import { shield } from './security.js';

export const app = express();
const { protect } = secapi(app, shield);
const signedIn = route({ access: 'signed-in' });

app.get(
  '/me',
  protect(signedIn, ({ principal }) => ({ id: principal.id })),
);
app.get('/old', protect(signedIn), (_request, response) => void response.json({ old: true }));
app.get('/forgotten', (_request, response) => void response.json({ secret: 42 })); // 403: it declares no access
