// Loaded into an API before it starts: makes its database fail for two ids, with secrets in what it says. No real database fails
// on request, and least of all like that.
import { PGlite } from '@electric-sql/pglite';

const { refused, broken, secrets } = JSON.parse(process.env.TEST_FAILURES);
const { query } = PGlite.prototype;

PGlite.prototype.query = async function failingQuery(text, values, ...more) {
  if (values?.includes(refused)) {
    const [message, detail, parameter, cause] = secrets;
    const said = `could not run it: password=${message}, ${text}`;
    throw Object.assign(new Error(said, { cause: new Error(`token=${cause}`) }), {
      code: '23514',
      detail: `Failing row contains (${detail}).`,
      parameters: [parameter],
    });
  }
  if (values?.includes(broken)) return { rows: [new Proxy({}, { ownKeys: fail })] };
  return query.call(this, text, values, ...more);
};

/** What fails in the handler itself, deep down. */
function fail() {
  const [, , , , message, cause, member, header, url, json, form] = secrets;
  let error = Object.assign(new Error(`GET https://app:${url}@db.example/?access_token=${message} failed`), {
    config: { headers: { Authorization: `Bearer ${header}`, 'X-Api-Key': header } },
    response: { body: JSON.stringify({ user: JSON.stringify({ password: json }) }) },
    sent: new Map([['client_secret', member]]),
    form: `user%5Bpassword%5D=${form}&a=b`,
  });
  for (let depth = 0; depth < 5; depth++)
    error = new AggregateError([error, { secret: cause }], 'again', { cause: error });
  throw error;
}
