import { bench } from './bench.js';
import { isMix } from './e2e/requests.js';
import { serve } from './e2e/serve.js';
import { isFramework, isStack } from './e2e/stack.js';
import { fill, isFiller } from './limit/fill.js';
import { profile } from './profile.js';
import { isKeeper, keep } from './sanitize/memory.js';

const [command, framework, stack = 'secapi', mix = 'get'] = process.argv.slice(2);
if (command === 'serve') await serve(framework, stack);
else if (command === 'fill' && isFiller(framework)) {
  console.log(JSON.stringify(await fill(framework, Number(stack))));
  process.exit(); // rate-limiter-flexible has a timer for each key
} else if (command === 'keep' && isKeeper(framework)) {
  console.log(JSON.stringify(await keep(framework, Number(stack))));
} else if (command === 'profile' && isFramework(framework) && isStack(stack) && isMix(mix))
  await profile(framework, stack, mix);
else await bench(process.argv.slice(2));
