/** The application over a store that is opened with a number of its own: servers/store <database file> <port> <most together>. */
import { buildApp } from '../../src/app.js';
import { ensureRegister } from '../../src/command/register.js';
import { openStore } from '../../src/store/engine/open.js';

const [file = '', port = '', together = ''] = process.argv.slice(2);
const db = await openStore(`sqlite:${file}`, { maxTogether: Number(together) });
await ensureRegister(db, () => new Date(), process);
const app = await buildApp({ db, clock: () => new Date(), logger: { level: 'warn' } });
await app.listen({ port: Number(port), host: '127.0.0.1' });
process.once('SIGTERM', async () => {
  await app.close();
  await db.destroy();
});
