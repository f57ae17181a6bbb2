export { readBody } from './body.js';
export { type Conversation, conversationOf, converse } from './conversation.js';
export { declaredOf, markDeclared } from './declared.js';
export { gate } from './gate.js';
export { offerNonce } from './nonce.js';
export { requestFacts } from './request-facts.js';
export { headLate, writeReply } from './response.js';
export { hardenServer, type ServerBounds, type StopBounds, stoppable } from './server.js';
export { unmatched } from './unmatched.js';
