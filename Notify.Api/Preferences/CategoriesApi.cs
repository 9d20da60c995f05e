using System.Text;
using System.Text.Json;
using Notify.Api.Keys;
using Notify.Api.Problems;
using Notify.Core.Preferences;
using Notify.Core.Tenants;
using Npgsql;

namespace Notify.Api.Preferences;

/// <summary>What a tenant calls its kinds of messages, and what people can refuse.</summary>
internal static class CategoriesApi
{
    private const int MaxBytes = 64 * 1024;
    private const int MaxCategories = 1_000;

    private const string PutSql = """
        WITH put AS (
            INSERT INTO categories (tenant_id, category_id, definition, created_at, updated_at)
            SELECT @tenant, @id, @definition::jsonb, @now, @now
             WHERE (SELECT count(*) FROM categories WHERE tenant_id = @tenant AND category_id <> @id) < @most
            ON CONFLICT (tenant_id, category_id) DO UPDATE SET definition = excluded.definition, updated_at = excluded.updated_at
            RETURNING xmax = 0 AS made),
        raised AS (
            UPDATE tenants SET consent_version = consent_version + 1 WHERE tenant_id = @tenant AND EXISTS (SELECT FROM put))
        SELECT made FROM put
        """;

    private const string DeleteSql = """
        WITH deleted AS (
            DELETE FROM categories WHERE tenant_id = @tenant AND category_id = @id RETURNING 1),
        raised AS (
            UPDATE tenants SET consent_version = consent_version + 1 WHERE tenant_id = @tenant AND EXISTS (SELECT FROM deleted))
        SELECT count(*)::int FROM deleted
        """;

    public static void MapCategories(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/categories").WithTags("Consent");
        group
            .MapPut("/{categoryId}", PutAsync)
            .RequireScope(Scopes.Manage)
            .WithName("PutCategory")
            .WithSummary("Make or replace a category")
            .WithDescription(
                "The whole category: what is left out has its default. It holds within five seconds for what is not routed yet and for what comes out of waiting; what is queued is not taken back. 201 where it is new, 200 where it was replaced."
            )
            .Accepts<CategoryRequest>("application/json")
            .Produces<CategoryView>()
            .Produces<CategoryView>(StatusCodes.Status201Created)
            .ProducesProblems(400, 401, 403, 413, 415, 422, 503);
        group
            .MapGet("/", ListAsync)
            .RequireScope(Scopes.Read)
            .WithName("ListCategories")
            .WithSummary("All categories, in the order of their ids")
            .Produces<CategoriesView>()
            .ProducesProblems(401, 403, 503);
        group
            .MapGet("/{categoryId}", FindAsync)
            .RequireScope(Scopes.Read)
            .WithName("GetCategory")
            .WithSummary("A category")
            .Produces<CategoryView>()
            .ProducesProblems(401, 403, 404, 503);
        group
            .MapDelete("/{categoryId}", DeleteAsync)
            .RequireScope(Scopes.Manage)
            .WithName("DeleteCategory")
            .WithSummary("Remove a category")
            .WithDescription(
                "Notifications that name it are then like those of any category that was never made. What people have said about it stays in their preferences."
            )
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblems(401, 403, 404, 503);
    }

    private static async Task<IResult> PutAsync(
        string categoryId,
        HttpContext http,
        NpgsqlDataSource database,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var (body, problem) = await RequestBody.ReadAsync(http.Request, MaxBytes, "A category", cancellationToken);
        if (body is null)
            return problem!;
        var (request, error) = RequestBody.Parse(body, PreferenceJson.Strict.CategoryRequest);
        if (request is null)
            return Problem.Malformed(error!);
        var (category, errors) = CategoryReader.Read(categoryId, request);
        if (category is null)
            return Problem.Invalid(errors);
        var definition = JsonSerializer.SerializeToUtf8Bytes(category.ToDocument(), PreferenceJson.Kept.CategoryRequest);
        await using var command = database.CreateCommand(PutSql);
        command.Parameters.Add(new("tenant", http.Caller().Tenant));
        command.Parameters.Add(new("id", categoryId));
        command.Parameters.Add(new("definition", Encoding.UTF8.GetString(definition)));
        command.Parameters.Add(new("now", time.GetUtcNow()));
        command.Parameters.Add(new("most", (long)MaxCategories));
        if (await command.ExecuteScalarAsync(cancellationToken) is not bool made)
            return ConsentProblems.TooManyCategories(MaxCategories);
        if (made)
            http.Response.Headers.Location = "/v1/categories/" + categoryId;
        return Results.Json(
            CategoryView.Of(category),
            ApiJson.Answers.CategoryView,
            statusCode: made ? StatusCodes.Status201Created : StatusCodes.Status200OK
        );
    }

    private static async Task<IResult> ListAsync(HttpContext http, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var categories = await ReadAsync(http, database, cancellationToken);
        return Results.Json(new CategoriesView([.. categories.Select(CategoryView.Of)]), ApiJson.Answers.CategoriesView);
    }

    private static async Task<IResult> FindAsync(
        string categoryId,
        HttpContext http,
        NpgsqlDataSource database,
        CancellationToken cancellationToken
    ) =>
        (await ReadAsync(http, database, cancellationToken)).FirstOrDefault(category => category.Id == categoryId) is { } found
            ? Results.Json(CategoryView.Of(found), ApiJson.Answers.CategoryView)
            : NotFound(categoryId);

    private static async Task<IResult> DeleteAsync(
        string categoryId,
        HttpContext http,
        NpgsqlDataSource database,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(DeleteSql);
        command.Parameters.Add(new("tenant", http.Caller().Tenant));
        command.Parameters.Add(new("id", categoryId));
        return (int)(await command.ExecuteScalarAsync(cancellationToken))! == 0 ? NotFound(categoryId) : Results.NoContent();
    }

    private static async Task<IEnumerable<Category>> ReadAsync(
        HttpContext http,
        NpgsqlDataSource database,
        CancellationToken cancellationToken
    )
    {
        var tenant = http.Caller().Tenant;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await TenantRows.CategoriesAsync(connection, [tenant], cancellationToken))[tenant];
    }

    private static IResult NotFound(string id) =>
        Problem.NotFound("category", $"This tenant has no category {id}; make it with PUT /v1/categories/{Uri.EscapeDataString(id)}.");
}
