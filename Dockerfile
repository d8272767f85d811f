# The server with the H5 app, for a PostgreSQL of your own (DATABASE_URL). Both stages take the same
# base, so that one argument names a mirror of it.
ARG NODE_IMAGE=node:20-bookworm-slim

FROM ${NODE_IMAGE} AS build
ARG NPM_REGISTRY=https://registry.npmjs.org/
ENV npm_config_registry=${NPM_REGISTRY}
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
COPY config/scripts config/scripts
RUN node -e "import('./config/scripts/lib/install.mjs').then(({ ensureInstalled }) => ensureInstalled())"
COPY tsconfig.json babel.config.js ./
COPY config config
COPY types types
COPY src src
COPY server server
RUN node config/scripts/build.mjs server \
  && node config/scripts/build.mjs h5 \
  && node config/scripts/server-modules.mjs /image \
  && mkdir /image/dist \
  && cp -r dist/server dist/h5 /image/dist/

FROM ${NODE_IMAGE}
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8787 DEMO=0
WORKDIR /app
COPY LICENSE THIRD-PARTY-NOTICES.md ./
COPY --from=build /image ./
USER node
EXPOSE 8787
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--enable-source-maps", "--min-semi-space-size=64", "--max-semi-space-size=64", "dist/server/main.js"]
