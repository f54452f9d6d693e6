/**
 * Apollo Server over the same store: the schema, the resolvers and the batched reads of the service, executed by
 * graphql-js behind Apollo's own server for HTTP. servers/apollo <database file> <port>
 */
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { stranger } from '../../src/access/authority.js';
import { createContext, type GraphqlContext } from '../../src/api/graphql/context.js';
import { schemaText } from '../../src/api/graphql/graphql.js';
import { resolvers } from '../../src/api/graphql/resolvers.js';
import { dayInChina } from '../../src/day.js';
import { openStore } from '../../src/store/engine/open.js';

const [file = '', port = ''] = process.argv.slice(2);
const db = await openStore(`sqlite:${file}`);
// The check against forged requests is left out, so that the bench can ask by GET whether it is ready.
const server = new ApolloServer<GraphqlContext>({ typeDefs: schemaText, resolvers, csrfPrevention: false });
await startStandaloneServer(server, {
  listen: { port: Number(port), host: '127.0.0.1' },
  context: async () => createContext(db, { caller: stranger, open: 'filed', now: new Date() }, dayInChina(new Date())),
});
