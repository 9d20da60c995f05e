using System.Globalization;
using System.Text;
using Notify.Sandbox.Behaviours;
using Notify.Sandbox.Http;
using Notify.Sandbox.Recording;

namespace Notify.Sandbox.Google;

/// <summary>Stands in for oauth2.googleapis.com/token: an access token for a service account's assertion.</summary>
internal sealed class TokenEndpoint(AccessTokens tokens, BehaviourSet behaviours, MessageStore store, TimeProvider time)
{
    private const int MaxBody = 65_536;
    private const string JwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";

    public async Task HandleAsync(HttpContext context)
    {
        if (behaviours.DropsUnread(Provider.Token))
        {
            HttpFaults.HangUp(context, processed: false);
            return;
        }

        var body = await RequestBody.ReadAsync(context.Request, MaxBody, context.RequestAborted);
        var behaviour = behaviours.Find(Provider.Token, null);
        if (behaviour is { Settings.Refuses: true })
        {
            store.CountRefused(Provider.Token);
            var code = behaviour.Settings.Code ?? "temporarily_unavailable";
            var refusal = new Refusal(behaviour.Settings.Status ?? 400, Error(code, "Asked for by a sandbox behaviour."));
            await HttpFaults.RefuseAsync(context, behaviour, refusal, time);
            return;
        }

        var fault = body is null ? Error("invalid_request", "The request is too large.") : Check(Form.Parse(body));
        if (fault is not null)
        {
            store.CountRefused(Provider.Token);
            Answer.Write(context.Response, StatusCodes.Status400BadRequest, fault);
            return;
        }

        var token = tokens.Issue();
        store.CountAccepted(Provider.Token);
        if (behaviour is not null)
            await behaviour.WaitAsync(time, context.RequestAborted);
        if (behaviour is { Settings.Drop: Drop.AfterRequest })
            HttpFaults.HangUp(context, processed: true);
        else
            Answer.Write(
                context.Response,
                StatusCodes.Status200OK,
                Encoding.ASCII.GetBytes(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{{\"access_token\":\"{token}\",\"expires_in\":{AccessTokens.Lifetime},\"token_type\":\"Bearer\"}}"
                    )
                )
            );
    }

    private byte[]? Check(List<KeyValuePair<string, string>> form)
    {
        if (Form.Find(form, "grant_type") is not { Length: > 0 } grant)
            return Error("invalid_request", "Required parameter is missing: grant_type");
        if (grant != JwtBearer)
            return Error("unsupported_grant_type", "Invalid grant_type: " + grant);
        if (Form.Find(form, "assertion") is not { Length: > 0 } assertion)
            return Error("invalid_request", "Required parameter is missing: assertion");
        if (Jwt.Parse(assertion) is not { } jwt || jwt.Header("alg") != "RS256")
            return Error("invalid_grant", "Invalid JWT Signature.");
        if (string.IsNullOrEmpty(jwt.Claim("iss")))
            return Error("invalid_grant", "Invalid issuer: Not a valid email.");
        if (string.IsNullOrEmpty(jwt.Claim("scope")))
            return Error("invalid_scope", "Invalid OAuth scope or ID token audience provided.");
        if (string.IsNullOrEmpty(jwt.Claim("aud")))
            return Error("invalid_grant", "Invalid JWT: Failed audience check. The right audience is https://oauth2.googleapis.com/token");

        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var until = jwt.Time("exp");
        return until is null || until <= now || until > (jwt.Time("iat") ?? now) + 3600
            ? Error(
                "invalid_grant",
                "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim."
            )
            : null;
    }

    private static byte[] Error(string code, string description) =>
        Answer.Build(json =>
        {
            json.WriteStartObject();
            json.WriteString("error", code);
            json.WriteString("error_description", description);
            json.WriteEndObject();
        });
}
