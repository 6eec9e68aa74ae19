# One image for every process of the shape: serve, worker, migrate, sandbox.
FROM python:3.12-slim AS build
WORKDIR /srv
# With requirements-traces.lock it can send traces, too: --build-arg LOCK=requirements-traces.lock
ARG LOCK=requirements.lock
COPY ${LOCK} pyproject.toml README.md ./
COPY app ./app
RUN python -m venv /opt/groupcode \
 && /opt/groupcode/bin/pip install --no-cache-dir --require-hashes --no-deps -r ${LOCK} \
 && /opt/groupcode/bin/pip install --no-cache-dir --no-build-isolation --no-deps .

FROM python:3.12-slim
COPY --from=build /opt/groupcode /opt/groupcode
ENV PATH=/opt/groupcode/bin:$PATH GROUPCODE_HOST=0.0.0.0 GROUPCODE_ENVIRONMENT=production
USER 65534:65534
WORKDIR /tmp
EXPOSE 8000
ENTRYPOINT ["groupcode"]
CMD ["serve"]
