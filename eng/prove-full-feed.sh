#!/usr/bin/env bash
# Proves the full-feed branch of the build on a machine whose own feed may lack the packages for it.
#
#   bash eng/prove-full-feed.sh          (Linux or macOS, the .NET SDK, under three minutes)
#
# It makes a folder feed of empty packages with the real ids, versions and declared dependencies of what the full public gallery has, and works on temporary
# copies of the tree with a package folder of their own, so neither the checkout nor the user's packages change. What the folder lacks comes from the packages
# already restored, or from the configured feed. Empty packages prove restoring, not compiling: eng/check-newest-clients.sh compiles against real ones.
#
#   1. A clean copy's first command finds the full feed by itself, and restores every project through it.
#   2. -p:PartialFeed=true and =false each win over what was found, and choose packages or stand-ins in every project.
#   3. A feed without the packages is partial; a feed that does not answer is an error, not partial.
# Prints PASS or FAIL for each claim; the exit code is the number of failures.
set -uo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_UI_LANGUAGE=en DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1
unset PartialFeed FeedStateKnown

failures=0
work=$(mktemp -d "${TMPDIR:-/tmp}/prove-full-feed.XXXXXX")
trap 'rm -rf "$work"' EXIT
fallback=$(dotnet nuget locals global-packages --list | sed 's/^[^:]*: *//')
export NUGET_PACKAGES=$work/packages RestoreFallbackFolders=$fallback

# claim <text> <command…>: the claim holds if the command succeeds
claim() {
  local text=$1
  shift
  if "$@" >"$work/claim.log" 2>&1; then
    echo "PASS  $text"
  else
    echo "FAIL  $text"
    sed 's/^/      /' "$work/claim.log" | tail -n 15
    failures=$((failures + 1))
  fi
}
has() { grep -q -e "$1" "$2" || { echo "'$1' is not in:" && tail -n 40 "$2"; false; }; }
lacks() { ! grep -n -e "$1" "$2"; }

# copy <folder>: the tree as it stands here, new files included, build output not
copy() {
  mkdir -p "$1"
  git ls-files -z --cached --others --exclude-standard | while IFS= read -r -d '' file; do [ -f "$file" ] && printf '%s\0' "$file"; done |
    tar --null -T - -cf - | tar -xf - -C "$1"
}

# ---- the folder feed -------------------------------------------------------------------------------------------------------------------------------------
feed=$work/feed
stage=$work/stage
mkdir -p "$feed" "$stage"

# package <id> <version> [<dependency>:<version> …]
package() {
  local id=$1 version=$2 dependency
  shift 2
  local files=$stage/$id.$version
  mkdir -p "$files/lib/net10.0"
  : >"$files/lib/net10.0/_._"
  {
    echo "<package><metadata><id>$id</id><version>$version</version><authors>none</authors><description>An empty package.</description>"
    [ "$id" = Aspire.AppHost.Sdk ] && echo '<packageTypes><packageType name="MSBuildSdk" /></packageTypes>'
    echo '<dependencies><group targetFramework="net10.0">'
    for dependency in "$@"; do echo "<dependency id=\"${dependency%%:*}\" version=\"${dependency#*:}\" />"; done
    echo '</group></dependencies></metadata></package>'
  } >"$files/$id.nuspec"
}

# central <id>: the version in Directory.Packages.props for a full feed
central() { awk '/Partial feed:/ { exit } { print }' Directory.Packages.props | sed -n "s/.*Include=\"$1\" Version=\"\([^\"]*\)\".*/\1/p" | sed "s/\$(AspireVersion)/$aspire/"; }
aspire=$(sed -n 's:.*<AspireVersion>\(.*\)</AspireVersion>.*:\1:p' Directory.Packages.props)
otel=1.15.3   # what Aspire 13.5.2 asks for; the dependencies below are that version's

package Aspire.Hosting "$aspire" Grpc.AspNetCore:2.80.0 KubernetesClient:19.0.2 ModelContextProtocol:1.3.0 JsonPatch.Net:5.0.2 Semver:3.0.0 StreamJsonRpc:2.25.29 \
  System.IO.Hashing:10.0.8 AspNetCore.HealthChecks.Uris:9.0.0 Polly.Core:8.6.6 OpenTelemetry.Exporter.OpenTelemetryProtocol:$otel OpenTelemetry.Extensions.Hosting:$otel
package Aspire.Hosting.AppHost "$aspire" Aspire.Hosting:"$aspire"
package Aspire.Hosting.Kafka "$aspire" Aspire.Hosting:"$aspire" AspNetCore.HealthChecks.Kafka:9.0.0
package Aspire.Hosting.PostgreSQL "$aspire" Aspire.Hosting:"$aspire" AspNetCore.HealthChecks.NpgSql:9.0.0
package Aspire.Hosting.Redis "$aspire" Aspire.Hosting:"$aspire" AspNetCore.HealthChecks.Redis:9.0.0
package Aspire.Hosting.Testing "$aspire" Aspire.Hosting:"$aspire" Aspire.Hosting.AppHost:"$aspire" Microsoft.Extensions.Http.Resilience:10.8.0
package Aspire.Confluent.Kafka "$aspire" AspNetCore.HealthChecks.Kafka:9.0.0 Confluent.Kafka:2.14.0 OpenTelemetry.Extensions.Hosting:$otel
package Aspire.StackExchange.Redis "$aspire" AspNetCore.HealthChecks.Redis:9.0.0 StackExchange.Redis:2.13.1 OpenTelemetry.Extensions.Hosting:$otel
package Aspire.Npgsql.EntityFrameworkCore.PostgreSQL "$aspire" Npgsql.EntityFrameworkCore.PostgreSQL:10.0.0 Npgsql.DependencyInjection:10.0.2 Npgsql.OpenTelemetry:10.0.2 \
  Microsoft.Extensions.Diagnostics.HealthChecks.EntityFrameworkCore:10.0.11 OpenTelemetry.Extensions.Hosting:$otel
package Grpc.AspNetCore 2.80.0 Google.Protobuf:3.31.1
package Google.Protobuf 3.31.1
package AspNetCore.HealthChecks.Kafka 9.0.0 Confluent.Kafka:2.8.0
package AspNetCore.HealthChecks.NpgSql 9.0.0 Npgsql:8.0.3
package AspNetCore.HealthChecks.Redis 9.0.0 StackExchange.Redis:2.7.4
package Npgsql.DependencyInjection 10.0.2 Npgsql:10.0.0
package Npgsql.OpenTelemetry 10.0.2 Npgsql:10.0.0 OpenTelemetry.Api:$otel
package Microsoft.Extensions.Diagnostics.HealthChecks.EntityFrameworkCore 10.0.11 Microsoft.EntityFrameworkCore.Relational:10.0.11
package Microsoft.Extensions.Http.Resilience 10.8.0 Polly.Core:8.4.2
for leaf in KubernetesClient:19.0.2 ModelContextProtocol:1.3.0 JsonPatch.Net:5.0.2 Semver:3.0.0 StreamJsonRpc:2.25.29 System.IO.Hashing:10.0.8 \
  AspNetCore.HealthChecks.Uris:9.0.0 OpenTelemetry.Api:$otel librdkafka.redist:"$(central Confluent.Kafka)" Pipelines.Sockets.Unofficial:2.2.8 Npgsql:8.0.3; do
  package "${leaf%%:*}" "${leaf#*:}"
done
package OpenTelemetry.Api.ProviderBuilderExtensions $otel OpenTelemetry.Api:$otel
package OpenTelemetry "$(central OpenTelemetry)" OpenTelemetry.Api.ProviderBuilderExtensions:$otel
package OpenTelemetry.Extensions.Hosting "$(central OpenTelemetry.Extensions.Hosting)" OpenTelemetry:$otel
package OpenTelemetry.Exporter.OpenTelemetryProtocol "$(central OpenTelemetry.Exporter.OpenTelemetryProtocol)" OpenTelemetry:$otel
package Confluent.Kafka "$(central Confluent.Kafka)" librdkafka.redist:"$(central Confluent.Kafka)"
package StackExchange.Redis "$(central StackExchange.Redis)" Pipelines.Sockets.Unofficial:2.2.8
package BouncyCastle.Cryptography 2.6.2
package MimeKit "$(central MailKit)" BouncyCastle.Cryptography:2.6.2
package MailKit "$(central MailKit)" MimeKit:"$(central MailKit)"
package Twilio "$(central Twilio)"
package Google.Api.Gax.Rest 4.13.1 Google.Apis.Auth:1.73.0
package FirebaseAdmin "$(central FirebaseAdmin)" Google.Api.Gax.Rest:4.13.1 Google.Apis.Auth:1.73.0

# The SDK package and what it does here of all that the real one does: mark the host, make references resources, add this platform's packages.
package Aspire.AppHost.Sdk "$aspire"
mkdir -p "$stage/Aspire.AppHost.Sdk.$aspire/Sdk"
echo '<Project><PropertyGroup><IsAspireHost>true</IsAspireHost></PropertyGroup></Project>' >"$stage/Aspire.AppHost.Sdk.$aspire/Sdk/Sdk.props"
cat >"$stage/Aspire.AppHost.Sdk.$aspire/Sdk/Sdk.targets" <<XML
<Project>
  <ItemGroup>
    <ProjectReference Update="@(ProjectReference)">
      <IsAspireProjectResource Condition="'%(IsAspireProjectResource)' != 'false'">true</IsAspireProjectResource>
      <ReferenceOutputAssembly Condition="'%(IsAspireProjectResource)' == 'true'">false</ReferenceOutputAssembly>
      <SkipGetTargetFrameworkProperties Condition="'%(IsAspireProjectResource)' == 'true'">true</SkipGetTargetFrameworkProperties>
      <ExcludeAssets Condition="'%(IsAspireProjectResource)' == 'true'">all</ExcludeAssets>
    </ProjectReference>
  </ItemGroup>
  <Target Name="AddReferenceToDashboardAndDCP" BeforeTargets="Restore;CollectPackageReferences" Condition="'\$(AspireUseCliBundle)' != 'true'">
    <ItemGroup>
      <PackageReference Include="Aspire.Dashboard.Sdk.\$(NETCoreSdkPortableRuntimeIdentifier)" Version="$aspire" IsImplicitlyDefined="true" />
      <PackageReference Include="Aspire.Hosting.Orchestration.\$(NETCoreSdkPortableRuntimeIdentifier)" Version="$aspire" IsImplicitlyDefined="true" />
    </ItemGroup>
  </Target>
</Project>
XML
for rid in win-x64 win-arm64 linux-x64 linux-arm64 linux-musl-x64 osx-x64 osx-arm64; do
  package Aspire.Dashboard.Sdk.$rid "$aspire"
  package Aspire.Hosting.Orchestration.$rid "$aspire"
done
mkdir -p "$stage/Aspire.Hosting.AppHost.$aspire/build"
cat >"$stage/Aspire.Hosting.AppHost.$aspire/build/Aspire.Hosting.AppHost.targets" <<'XML'
<Project>
  <Target Name="WriteAspireProjectMetadataSources">
    <Message Importance="high" Text="RESOURCE %(ProjectReference.Filename)" Condition="'%(ProjectReference.IsAspireProjectResource)' == 'true'" />
  </Target>
</Project>
XML
cat >"$work/pack.proj" <<'XML'
<Project>
  <Target Name="Pack">
    <ItemGroup><Package Include="$([System.IO.Directory]::GetDirectories('$(Stage)'))" /></ItemGroup>
    <ZipDirectory SourceDirectory="%(Package.FullPath)" DestinationFile="$(Feed)/%(Package.Filename)%(Package.Extension).nupkg" />
  </Target>
</Project>
XML
claim "folder feed is made" dotnet msbuild "$work/pack.proj" -t:Pack -v:q "-p:Stage=$stage;Feed=$feed"

# sources <copy> <clear|keep> <source>: the copy's own nuget.config
sources() {
  local clear=
  [ "$2" = clear ] && clear='<clear />'
  echo "<configuration><packageSources>$clear<add key=\"proof\" value=\"$3\" /></packageSources></configuration>" >"$1/nuget.config"
}

# ---- 1. a clean copy finds the full feed by itself ---------------------------------------------------------------------------------------------------------
full=$work/full
copy "$full"
sources "$full" keep "$feed"
apphost=Notify.AppHost/Notify.AppHost.csproj

claim "a clean copy's first command, on one project, restores" \
  dotnet msbuild "$full/$apphost" -restore -t:WriteAspireProjectMetadataSources -v:m -fl "-flp:logfile=$work/first.log;verbosity=normal"
claim "it wrote PartialFeed=false" has ">false</PartialFeed>" "$full/artifacts/feed.props"
claim "the same command ran the AppHost SDK's and its package's targets" has "RESOURCE Notify.Api" "$work/first.log"
claim "restore through the SDK added the dashboard and the orchestrator" has "Aspire.Hosting.Orchestration" "$full/Notify.AppHost/obj/project.assets.json"
claim "the solution restores from a clean state" bash -c "rm -rf '$full'/artifacts && dotnet restore '$full/Notify.sln' -v:m >'$work/restore.log' 2>&1 || { cat '$work/restore.log'; false; }"
claim "and found the full feed as well" has ">false</PartialFeed>" "$full/artifacts/feed.props"
claim "nothing was downgraded, ambiguous or approximate (NU1605, NU1109, NU1507, NU1603)" lacks "NU1605\|NU1109\|NU1507\|NU1603" "$work/restore.log"
for project in Notify.*/*.csproj; do
  assets=$full/$(dirname "$project")/obj/project.assets.json
  claim "$(dirname "$project") restored without a stand-in" bash -c "[ -s '$assets' ] && ! grep -n 'compat/' '$assets'"
done

# ---- 2. the switch wins ------------------------------------------------------------------------------------------------------------------------------------
standins=$(sed -n 's/.*<StandIn Include="\([^"]*\)".*/\1/p' eng/StandIns.targets | tr ';\n' '  ')
evaluate() { dotnet msbuild "$full/$1" "-p:PartialFeed=$2" -getItem:PackageReference,ProjectReference -getProperty:IsAspireHost >"$work/items.json" || { cat "$work/items.json"; false; }; }
chooses() {
  local project=$1 partial=$2 id
  evaluate "$project" "$partial" || return 1
  for id in $(sed -n 's/.*<PackageReference Include="\([^"]*\)".*/\1/p' "$project"); do
    case $id in Microsoft.EntityFrameworkCore.Design) continue ;; esac   # only with -p:EfTools=true
    if [ "$partial" = true ] && [[ " $standins " == *" $id "* ]]; then
      has "\"Identity\": \".*compat/$id/$id.csproj\"" "$work/items.json" && lacks "\"Identity\": \"$id\"" "$work/items.json" || return 1
    else
      has "\"Identity\": \"$id\"" "$work/items.json" || return 1
    fi
  done
  [ "$partial" = true ] || lacks '"Identity": ".*compat/' "$work/items.json"
}
for partial in true false; do
  opposite=true
  [ $partial = true ] && opposite=false
  sed -i.bak "s:>$partial</PartialFeed>:>$opposite</PartialFeed>:" "$full/artifacts/feed.props"
  for project in Notify.*/*.csproj; do
    claim "$(dirname "$project") with -p:PartialFeed=$partial, although the feed was found to be otherwise" chooses "$project" $partial
  done
  evaluate $apphost $partial
  claim "AppHost with -p:PartialFeed=$partial $([ $partial = true ] && echo 'leaves the Aspire SDK out' || echo 'imports the Aspire SDK')" \
    "$([ $partial = true ] && echo lacks || echo has)" '"IsAspireHost": "true"' "$work/items.json"
done

# ---- 3. the other answers ----------------------------------------------------------------------------------------------------------------------------------
# with no package at hand that a restore before this one has left
ask() { rm -rf "$work/fresh" && NUGET_PACKAGES=$work/fresh RestoreFallbackFolders= NUGET_ENHANCED_MAX_NETWORK_TRY_COUNT=1 dotnet msbuild "$1/Notify.ServiceDefaults/Notify.ServiceDefaults.csproj" -t:ProbeFeed -v:m "${@:2}" >"$work/ask.log" 2>&1; }
other=$work/other
copy "$other"
mkdir -p "$work/empty"
sources "$other" clear "$work/empty"
ask "$other"
claim "a feed without the packages is partial" has ">true</PartialFeed>" "$other/artifacts/feed.props"
rm -rf "$other/artifacts"
sources "$other" clear https://127.0.0.1:1/v3/index.json   # nobody listens there
claim "an explicit choice asks nobody" bash -c "dotnet msbuild '$other/Notify.ServiceDefaults/Notify.ServiceDefaults.csproj' -t:ProbeFeed -p:PartialFeed=false && [ ! -e '$other/artifacts/feed.props' ]"
ask "$other"
claim "a feed that does not answer is an error" has "NOTIFY001" "$work/ask.log"
claim "and leaves the question open" test ! -e "$other/artifacts/feed.props"

# ---- the lists that have to agree --------------------------------------------------------------------------------------------------------------------------
probed() { sed -n "s/.*Include=\"$1\" Version=\"\[\([^]]*\)\]\".*/\1/p" eng/FeedProbe/FeedProbe.csproj; }
for id in $standins; do
  claim "the probe asks for $id as Directory.Packages.props has it" test "$(probed "$id")" = "$(central "$id")"
  claim "compat/ has $id" test -f "compat/$id/$id.csproj"
done
claim "the AppHost's SDK has Aspire's version, both times" test "$(grep -c "Sdk=\"Aspire.AppHost.Sdk\" Version=\"$aspire\"" $apphost)" = 2
claim "the probe asks for the SDK" test "$(probed Aspire.AppHost.Sdk)" = "$aspire"

echo
[ $failures = 0 ] && echo "PASS: all claims hold" || echo "FAIL: $failures claims do not hold"
exit $failures
