// Sources that run in the Node of a service's container, with that service's own credentials: what a service that was taken over could do.

const CONNECT = `
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
const { connect } = createRequire('/app/packages/shared/src/index.ts')('@nats-io/transport-node');
const pass = readFileSync(process.env.UNDERSTUDY_NATS_PASSWORD_FILE, 'utf8').trim();
const servers = process.env.UNDERSTUDY_NATS_URL;
`;

/** Prints, as JSON, what is answered to a request to each subject, made with the service's own credentials: a purge, another's key. */
export const askTheBus = (user: string, subjects: readonly string[]): string => `${CONNECT}
const connection = await connect({ servers, user: '${user}', pass });
const said = (text) => { try { return JSON.parse(text).error?.description ?? 'answered'; } catch { return 'answered'; } };
const ask = (subject) =>
  connection.request(subject, '', { timeout: 5000 }).then(
    (answer) => said(answer.string()),
    (error) => (error.isNoResponders?.() ? 'nobody is there' : error.name),
  );
const answers = {};
for (const subject of ${JSON.stringify(subjects)}) answers[subject] = await ask(subject);
console.log(JSON.stringify(answers));
await connection.close();
`;

/** Prints how NATS greets each user who has this service's password: "connected", or the words of its refusal. */
export const signInAs = (users: readonly string[]): string => `${CONNECT}
const signIn = (user) => connect({ servers, user, pass, reconnect: false }).then(async (one) => (await one.close(), 'connected'), (error) => error.name);
console.log(JSON.stringify(Object.fromEntries(await Promise.all(${JSON.stringify(users)}.map(async (user) => [user, await signIn(user)])))));
`;

/** Prints Redis' answer to a PING without a password. */
export const PING_REDIS = `
import { connect } from 'node:net';
const socket = connect(6379, 'redis', () => socket.write('PING\\r\\n'));
socket.once('data', (answer) => { console.log(answer.toString().trim()); socket.destroy(); });
`;

/** Prints, as JSON, what the container may do and see. */
export const LOOK_AROUND = `
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
const attempt = (act) => { try { act(); return 'done'; } catch (error) { return error.code; } };
const status = readFileSync('/proc/self/status', 'utf8');
const line = (name) => new RegExp('^' + name + ':\\\\s+(.*)$', 'm').exec(status)[1];
const places = ['/app/packages/shared/src/x', '/etc/x', '/usr/local/bin/x', '/app/config/x', '/app/secrets/x'];
console.log(JSON.stringify({
  writes: Object.fromEntries(places.map((place) => [place, attempt(() => writeFileSync(place, ''))])),
  uid: process.getuid(),
  capabilities: ['CapPrm', 'CapEff', 'CapBnd'].map((name) => Number.parseInt(line(name), 16)),
  noNewPrivileges: line('NoNewPrivs'),
  secrets: readdirSync('/app/secrets').sort(),
  seen: ['/run/grafana-secrets', '/volumes', '/operator-secrets', '/run/understudy-secrets', '/var/run/docker.sock'].filter((place) => existsSync(place)),
  data: attempt(() => { mkdirSync('/data/test', { recursive: true }); writeFileSync('/data/test/x', ''); }),
}));
`;
