using FirebaseAdmin;
using FirebaseAdmin.Messaging;
using Google.Apis.Auth.OAuth2;

namespace Notify.Tests.Packages.FirebaseAdmin;

public sealed class FirebaseAppTests
{
    private static AppOptions Options => new() { Credential = GoogleCredential.FromAccessToken("token"), ProjectId = "demo-project" };

    [Fact]
    public void Apps_are_found_by_name_until_deleted()
    {
        var name = Guid.NewGuid().ToString();
        var app = FirebaseApp.Create(Options, name);

        Assert.Equal(name, app.Name);
        Assert.Equal("demo-project", app.Options.ProjectId);
        Assert.Same(app, FirebaseApp.GetInstance(name));
        Assert.Throws<ArgumentException>(() => FirebaseApp.Create(Options, name));

        app.Delete();
        Assert.Null(FirebaseApp.GetInstance(name));
        FirebaseApp.Create(Options, name).Delete();
    }

    [Fact]
    public void App_needs_a_name_and_a_credential()
    {
        Assert.Throws<ArgumentException>(() => FirebaseApp.Create(Options, ""));
        Assert.Throws<ArgumentException>(() => FirebaseApp.GetInstance(""));
        Assert.Throws<ArgumentNullException>(() => FirebaseApp.Create(new AppOptions(), Guid.NewGuid().ToString()));
    }

    [Fact]
    public void Messaging_is_one_per_app_and_ends_with_it()
    {
        var app = FirebaseApp.Create(Options, Guid.NewGuid().ToString());

        Assert.Same(FirebaseMessaging.GetMessaging(app), FirebaseMessaging.GetMessaging(app));

        app.Delete();
        Assert.Throws<InvalidOperationException>(() => FirebaseMessaging.GetMessaging(app));
    }
}
