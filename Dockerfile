# syntax=docker/dockerfile:1
# One image for server, web, worker and migrations; the command chooses.
#   docker build -t studyhall .                          trains on the processor
#   docker build -t studyhall:cuda --build-arg DEVICE=cuda .   trains on NVIDIA cards (the driver comes from the host)
ARG NODE_IMAGE=node:22-bookworm-slim

FROM ${NODE_IMAGE} AS build
ARG DEVICE=cpu
ENV STUDYHALL_DEVICE=${DEVICE} STUDYHALL_HOME=/app/.studyhall NEXT_TELEMETRY_DISABLED=1
RUN apt-get update \
  && apt-get install -y --no-install-recommends g++ make python3 python3-venv \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY scripts/setup scripts/setup
RUN node scripts/setup/main.mjs --libraries-only
COPY . .
RUN npm run generate \
  && npm run build \
  && NODE_ENV=production node node_modules/next/dist/bin/next build web

FROM ${NODE_IMAGE} AS runtime
ARG DEVICE=cpu
LABEL org.opencontainers.image.title="Studyhall" org.opencontainers.image.licenses="MIT"
ENV NODE_ENV=production \
  STUDYHALL_DEVICE=${DEVICE} \
  STUDYHALL_HOME=/data \
  STUDYHALL_STORAGE=/data/storage \
  TF_CPP_MIN_LOG_LEVEL=2 \
  NEXT_TELEMETRY_DISABLED=1 \
  NVIDIA_VISIBLE_DEVICES=all \
  NVIDIA_DRIVER_CAPABILITIES=compute,utility \
  HEALTH_URL=http://127.0.0.1:4000/livez
WORKDIR /app
COPY --from=build --chown=root:root /app /app
RUN install -d -o node -g node /data
USER node
VOLUME /data
EXPOSE 3000 4000
# Worker and web set HEALTH_URL to their own.
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 \
  CMD ["node", "-e", "fetch(process.env.HEALTH_URL).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--enable-source-maps", "dist/server.js"]
