# The image holds one file: the static program that `scripts/build-static` or a release makes.
#   scripts/build-static && docker build --target bare -t passrole .
#   docker run --rm -v "$PWD:/work:ro" passrole check
FROM scratch AS bare
COPY dist/passrole /passrole
WORKDIR /work
# Nobody in particular: it reads what anybody may read, and writes nothing unless told to.
USER 65534:65534
ENTRYPOINT ["/passrole"]

# With a shell, for pipelines that run a script in the image.
FROM alpine:3.20 AS shell
RUN apk add --no-cache git
COPY dist/passrole /usr/local/bin/passrole
WORKDIR /work
