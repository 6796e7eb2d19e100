# Your organisation's Python runtime for zip functions, on Amazon Linux 2023,
# with the Python of its packages.
#
#   docker build -t python-runtime -f base_images/customer-managed-runtime/provided.Dockerfile \
#     base_images/customer-managed-runtime
#   docker run --rm -p 9000:8080 -v "$PWD/examples/hello:/var/task:ro" python-runtime app.handler
#   curl http://localhost:9000/2015-03-31/functions/function/invocations -d '{"name": "Ada"}'
ARG BASE_TAG=al2023
FROM public.ecr.aws/lambda/provided:${BASE_TAG}
ARG PYTHON_VERSION=3.13
# hadolint ignore=DL3041
RUN dnf install -y "python${PYTHON_VERSION}" "python${PYTHON_VERSION}-pip" && dnf clean all

COPY requirements.txt /var/runtime/requirements.txt
COPY --chmod=755 bootstrap /var/runtime/bootstrap
RUN "python${PYTHON_VERSION}" -m pip install --no-cache-dir -r /var/runtime/requirements.txt && \
    "python${PYTHON_VERSION}" -c 'import sys; print("python=%s\nversion=%d.%d" % (sys.executable, *sys.version_info[:2]))' \
      > /var/runtime/interpreter && \
    mkdir -p /var/task /opt

WORKDIR /var/task
USER 993:990
ENTRYPOINT ["/var/runtime/bootstrap"]
