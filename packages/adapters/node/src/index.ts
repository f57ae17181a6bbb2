export { readBody } from './body.js';
export { type Conversation, conversationOf, converse } from './conversation.js';
export { declaredOf, markDeclared } from './declared.js';
export { gate } from './gate.js';
export { hardenServer, type ServerBounds } from './harden.js';
export { requestFacts } from './request-facts.js';
export { headLate, writeReply } from './response.js';
export { type StopBounds, stoppable } from './server.js';
export { unmatched } from './unmatched.js';
