# One image for every process of Understudy, one target a service. All targets share all layers but the last, so that seven images
# take the disk, and their files the page cache, of one (docs/adr/0010-compose-stack.md).
#
#   docker compose build                       all of them
#   docker build --target llm-service .        one

ARG NODE_IMAGE=node:26.13.0-trixie-slim
FROM ${NODE_IMAGE} AS node

# Third-party packages by the lock file alone: a change of a source line does not come here.
FROM node AS packages
ARG PNPM_VERSION=12.21.0
ARG ESBUILD_VERSION=0.28.2
RUN npm install --global --no-fund --no-audit pnpm@${PNPM_VERSION} esbuild@${ESBUILD_VERSION}
WORKDIR /app
COPY pnpm-lock.yaml pnpm-workspace.yaml ./
RUN pnpm fetch --prod
COPY infra/node/pack-packages.mjs infra/node/prune-packages.mjs /tmp/
RUN node /tmp/pack-packages.mjs /app && node /tmp/prune-packages.mjs /app

# The workspace's layout is kept: Node strips types only outside node_modules, and finds workspace packages by their symlinks' real path.
FROM packages AS workspace
COPY package.json ./
COPY packages packages
COPY services services
RUN pnpm install --prod --offline --frozen-lockfile

# V8's code of every module, so that a start compiles nothing (a process without it: 65 ms and 18 MB more). Its entries are bound to Node's
# version and to the paths, hence made here and not in the checkout.
FROM workspace AS warmed
ENV NODE_COMPILE_CACHE=/app/.compile-cache
# Node looks for them under its version and the user's id, and writes them for that user alone.
RUN node --no-warnings packages/setup/src/warm-compile-cache.ts \
 && chmod -R a+rX .compile-cache \
 && for made in .compile-cache/*-0; do mv "$made" "${made%-0}-1000" && ln -s "$(basename "${made%-0}-1000")" "$made"; done

FROM node AS app
WORKDIR /app
COPY --chmod=755 infra/node/check-http infra/node/understudy /usr/local/bin/
COPY --from=warmed /app /app
ENV NODE_ENV=production \
    NODE_COMPILE_CACHE=/app/.compile-cache \
    UNDERSTUDY_DATA=/data \
    UNDERSTUDY_LOGS=/logs \
    UNDERSTUDY_NATS_PASSWORD_FILE=/app/secrets/nats_password \
    UNDERSTUDY_REDIS_URL_FILE=/app/secrets/redis_url \
    UNDERSTUDY_TOKEN_FILE=/app/secrets/token
USER 1000:1000
ENTRYPOINT ["node", "--no-warnings", "--max-semi-space-size=1", "--v8-pool-size=1"]

FROM app AS setup
USER 0:0
CMD ["packages/setup/src/main.ts"]

FROM app AS simulators
CMD ["packages/simulators/src/main.ts"]

FROM app AS supervisor
COPY docs/runbooks docs/runbooks
CMD ["services/supervisor/src/main.ts"]

# Programs that only some peers need: pulseaudio-utils for the sound server of a Linux host (docker-compose.linux-audio.yml).
FROM app AS audio-gateway
ARG PROGRAMS=
USER 0:0
RUN if [ -n "$PROGRAMS" ]; then apt-get update && apt-get install --yes --no-install-recommends $PROGRAMS && rm -rf /var/lib/apt/lists/*; fi
USER 1000:1000
CMD ["services/audio-gateway/src/main.ts"]

FROM app AS osc-bridge
CMD ["services/osc-bridge/src/main.ts"]

FROM app AS llm-service
CMD ["services/llm-service/src/main.ts"]

# ffmpeg, for RTSP and video files: 467 MB with its libraries, so only where it is asked for.
FROM app AS cv-service
ARG PROGRAMS=
USER 0:0
RUN if [ -n "$PROGRAMS" ]; then apt-get update && apt-get install --yes --no-install-recommends $PROGRAMS && rm -rf /var/lib/apt/lists/*; fi
USER 1000:1000
CMD ["services/cv-service/src/main.ts"]
