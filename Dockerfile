# Needs nothing but its volumes to write to; compose.yaml runs it so:
#   docker run --read-only --cap-drop ALL --security-opt no-new-privileges --tmpfs /tmp -v data:/data -v backups:/backups -p 3000:3000 xiangbao
#   docker exec CONTAINER xiangbao --help
# scripts/image-tree.mjs lays the last stage out from these lines, and scripts/contained.sh runs every command in it.

# Build: compiles better-sqlite3 and the TypeScript. No other package runs a script when it is installed.
FROM node:24-bookworm AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund && npm rebuild better-sqlite3
COPY tsconfig.json tsconfig.build.json schema.graphql ./
COPY migrations migrations
COPY scripts/bundle.mjs scripts/
COPY src src
RUN npm run build && npm prune --omit=dev --ignore-scripts --no-audit --no-fund

# Run: no compiler, no root, two volumes.
FROM node:24-bookworm-slim
LABEL org.opencontainers.image.title="Xiangbao" \
  org.opencontainers.image.description="Collects, checks and adds up the annual government-information-disclosure reports of China's townships" \
  org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATABASE_URL=sqlite:/data/xiangbao.db
WORKDIR /app
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist/program dist/program
COPY package.json schema.graphql openapi.json LICENSE ./
COPY data/*.csv data/README.md data/
COPY data/fonts data/fonts
RUN ln -s /app/dist/program/main.js /usr/local/bin/xiangbao
RUN install -d -o node -g node -m 700 /data /backups
USER node
VOLUME /data /backups
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=3s --start-period=60s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:'+process.env.PORT+'/health/ready').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
CMD ["xiangbao", "serve"]
