using System.Reflection;
using Microsoft.AspNetCore.Mvc;

namespace Notify.Api.Problems;

/// <summary>Refuses names in the query that an endpoint does not know. They are read from its handler, so none has to be listed
/// twice.</summary>
internal static class KnownQuery
{
    public static EndpointFilterDelegate Filter(EndpointFilterFactoryContext endpoint, EndpointFilterDelegate next)
    {
        var known = NamesOf(endpoint.MethodInfo);
        return context =>
        {
            var query = context.HttpContext.Request.Query;
            if (query.Count == 0)
                return next(context);
            var unknown = query.Keys.Where(name => !known.Contains(name)).ToList(); // names are case-sensitive, as those of fields are
            return unknown.Count == 0 ? next(context) : ValueTask.FromResult<object?>(Problem.UnknownParameters(unknown, known));
        };
    }

    private static List<string> NamesOf(MethodInfo handler) =>
        [
            .. handler
                .GetParameters()
                .SelectMany(parameter =>
                    parameter.GetCustomAttribute<AsParametersAttribute>() is null
                        ? NameOf(parameter.GetCustomAttribute<FromQueryAttribute>(), parameter.Name!)
                        : parameter
                            .ParameterType.GetProperties()
                            .SelectMany(property => NameOf(property.GetCustomAttribute<FromQueryAttribute>(), property.Name))
                ),
        ];

    private static string[] NameOf(FromQueryAttribute? query, string name) => query is null ? [] : [query.Name ?? name];
}
