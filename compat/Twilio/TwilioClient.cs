using Twilio.Clients;
using Twilio.Exceptions;

namespace Twilio;

/// <summary>The client that calls use when they are given none.</summary>
public class TwilioClient
{
    private static string username;
    private static string password;
    private static string accountSid;
    private static ITwilioRestClient restClient;

    private TwilioClient()
    {
    }

    public static void Init(string username, string password) => Init(username, password, null);

    public static void Init(string username, string password, string accountSid)
    {
        TwilioClient.username = username ?? throw new AuthenticationException("The username is null; pass the account SID or an API key's SID");
        TwilioClient.password = password ?? throw new AuthenticationException("The password is null; pass the auth token or an API key's secret");
        TwilioClient.accountSid = accountSid;
        restClient = null;
    }

    public static void SetRestClient(ITwilioRestClient restClient) => TwilioClient.restClient = restClient;

    public static ITwilioRestClient GetRestClient()
    {
        if (restClient is null && (username is null || password is null))
            throw new AuthenticationException("No credentials were given; call TwilioClient.Init first or pass a client");
        return restClient ??= new TwilioRestClient(username, password, accountSid);
    }
}
