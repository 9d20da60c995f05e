#!/usr/bin/env bash
# Builds the images of the five services with the .NET SDK alone; no Dockerfile.
#
#   deploy/build-images.sh                                        into this machine's container engine, as localhost/notify/api:<version>, …
#   deploy/build-images.sh --registry registry.example.com/notify  pushed there (log in first: docker login, or DOTNET_CONTAINER_REGISTRY_UNAME and …_PWORD)
#   deploy/build-images.sh --archive artifacts/images              as archives, api.tar, …, for `docker load`; needs no engine
#
#   --tag TAG               in place of the version in Directory.Build.props
#   --base IMAGE            in place of mcr.microsoft.com/dotnet/aspnet:10.0, such as a mirror's
#   --configuration NAME    Release by default; --no-build takes what is built already
set -euo pipefail

usage() {
    sed -n '2,/^set/p' "$0" | sed '/^set/d; s/^# \{0,1\}//'
    exit "$1"
}

registry='' archive='' tag='' base='' configuration=Release build=()
while [ $# -gt 0 ]; do
    case $1 in
        --registry) registry=${2:?}; shift 2 ;;
        --archive) archive=${2:?}; shift 2 ;;
        --tag) tag=${2:?}; shift 2 ;;
        --base) base=${2:?}; shift 2 ;;
        --configuration) configuration=${2:?}; shift 2 ;;
        --no-build) build=(--no-build); shift ;;
        -h | --help) usage 0 ;;
        *) usage 2 >&2 ;;
    esac
done
if [ -n "$archive" ]; then
    mkdir -p "$archive"
    archive=$(cd "$archive" && pwd)
fi
cd "$(dirname "$0")/.."

for project in Notify.Api Notify.Workers.Router Notify.Workers.Push Notify.Workers.Email Notify.Workers.Sms; do
    service=$(echo "${project##*.}" | tr '[:upper:]' '[:lower:]')
    options=()
    [ -n "$tag" ] && options+=("-p:ContainerImageTag=$tag")
    [ -n "$base" ] && options+=("-p:ContainerBaseImage=$base")
    [ -n "$archive" ] && options+=("-p:ContainerArchiveOutputPath=$archive/$service.tar")
    if [ -n "$registry" ]; then
        # The part before the first slash is the host; an archive only carries the name.
        repository=${registry#*/}/$service
        if [ -n "$archive" ]; then
            repository=$registry/$service
        else
            options+=("-p:ContainerRegistry=${registry%%/*}")
        fi
        options+=("-p:ContainerRepository=$repository")
    fi
    dotnet publish "$project" --nologo -v quiet -c "$configuration" "${build[@]}" -t:PublishContainer "${options[@]}"
    echo "$service is done."
done
