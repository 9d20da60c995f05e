#!/usr/bin/env bash
# Compiles everything that uses Confluent.Kafka or StackExchange.Redis against newer assemblies of them than a partial feed can restore, so that the source
# holds to what the versions of both kinds of feed have, and raises no warning with either (newer ones carry nullable annotations).
#
#   bash eng/check-newest-clients.sh [<Confluent.Kafka version> <StackExchange.Redis version> …]
#
# The packages are only downloaded, not depended on, since the feed may lack what they need at run time. Works on a temporary copy of the tree.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_UI_LANGUAGE=en DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
kafka=${1:-2.15.1}
redis=(2.13.23 3.4.35)
[ $# -gt 1 ] && redis=("${@:2}")

work=$(mktemp -d "${TMPDIR:-/tmp}/check-newest-clients.XXXXXX")
trap 'rm -rf "$work"' EXIT

# The newest lib/<framework> of a package that this framework can use.
library() {
  local framework
  for framework in net10.0 net8.0 net6.0 netstandard2.1 netstandard2.0; do
    [ -f "$1/lib/$framework/$2.dll" ] && echo "$1/lib/$framework/$2.dll" && return
  done
  echo "No usable assembly of $2 in $1" >&2
  return 1
}

downloads=$work/downloads
mkdir -p "$downloads/project"
{
  echo '<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup><ItemGroup>'
  echo "<PackageDownload Include=\"Confluent.Kafka\" Version=\"[$kafka]\" />"
  echo "<PackageDownload Include=\"StackExchange.Redis\" Version=\"$(printf '[%s];' "${redis[@]}" | sed 's/;$//')\" />"
  echo '</ItemGroup></Project>'
} >"$downloads/project/Downloads.csproj"
NUGET_PACKAGES=$downloads/packages dotnet restore "$downloads/project" -v:q

tree=$work/tree
mkdir -p "$tree"
git ls-files -z --cached --others --exclude-standard | while IFS= read -r -d '' file; do if [ -f "$file" ]; then printf '%s\0' "$file"; fi; done |
  tar --null -T - -cf - | tar -xf - -C "$tree"
# Behind reference resolution, so that restore and everything else stay as they are.
sed -i.bak 's:</Project>::' "$tree/Directory.Build.targets"
cat >>"$tree/Directory.Build.targets" <<'XML'
  <Target Name="UseNewestClients" AfterTargets="FindReferenceAssembliesForReferences" BeforeTargets="CoreCompile">
    <ItemGroup>
      <_OlderKafka Include="@(ReferencePathWithRefAssemblies)" Condition="'%(Filename)' == 'Confluent.Kafka'" />
      <_OlderRedis Include="@(ReferencePathWithRefAssemblies)" Condition="'%(Filename)' == 'StackExchange.Redis'" />
      <ReferencePathWithRefAssemblies Remove="@(_OlderKafka);@(_OlderRedis)" />
      <ReferencePathWithRefAssemblies Include="$(NewestKafka)" Condition="'@(_OlderKafka)' != ''" />
      <ReferencePathWithRefAssemblies Include="$(NewestRedis)" Condition="'@(_OlderRedis)' != ''" />
    </ItemGroup>
    <Message Importance="high" Condition="'@(_OlderKafka)@(_OlderRedis)' != ''" Text="$(MSBuildProjectName): newest clients" />
  </Target>
</Project>
XML

# The tests follow the product; the AppHost's stand-ins are only ever compiled against the older clients.
projects=$({
  echo Notify.Core/
  grep -lrE --include='*.cs' '\b(Confluent\.Kafka|StackExchange\.Redis)\b' Notify.* || true
} | cut -d/ -f1 | sort -u | grep -vxE 'Notify\.(AppHost|Tests)')
failures=0
for version in "${redis[@]}"; do
  kafkaLibrary=$(library "$downloads/packages/confluent.kafka/$kafka" Confluent.Kafka)
  redisLibrary=$(library "$downloads/packages/stackexchange.redis/$version" StackExchange.Redis)
  for project in $projects; do
    if dotnet build "$tree/$project/$project.csproj" -v:m -p:PartialFeed=true "-p:NewestKafka=$kafkaLibrary;NewestRedis=$redisLibrary" >"$work/build.log" 2>&1 &&
      grep -q "$project: newest clients" "$work/build.log"; then
      echo "PASS  $project compiles against Confluent.Kafka $kafka and StackExchange.Redis $version"
    else
      echo "FAIL  $project against Confluent.Kafka $kafka and StackExchange.Redis $version"
      grep -E 'error [A-Z]+[0-9]+' "$work/build.log" | sort -u | head -n 20 || tail -n 20 "$work/build.log"
      failures=$((failures + 1))
    fi
  done
done
exit $failures
