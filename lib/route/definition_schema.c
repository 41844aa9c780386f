/*
 * definition_schema.c: the JSON schema of routing files.
 */
#include "route/definition_key.h"
#include "route/schema.h"

#define EMPTY		"{\"type\":\"null\"}," \
			"{\"type\":\"array\",\"maxItems\":0}"

/* What each key takes.  An empty list is how PHP writes an empty mapping. */
static const char *const schemas[KEY_COUNT] = {
	[KEY_CHANNEL] = SCHEMA_REF("text"),
	[KEY_HANDLER] = "{\"anyOf\":[" SCHEMA_REF("text") ","
	    SCHEMA_REF("handler") "]}",
	[KEY_REQUIREMENTS] = "{\"anyOf\":[" EMPTY ",{\"type\":\"object\","
	    "\"additionalProperties\":{\"anyOf\":[" SCHEMA_REF("text") ","
	    SCHEMA_REF("requirement") "]}}]}",
	[KEY_PATTERN] = SCHEMA_REF("text"),
	[KEY_CALLBACK] = "{\"anyOf\":[" SCHEMA_REF("text") ","
	    SCHEMA_REF("handler") "]}",
	[KEY_DEFAULTS] = "{\"anyOf\":[" EMPTY ",{\"type\":\"object\","
	    "\"additionalProperties\":" SCHEMA_REF("text") "}]}",
	[KEY_OPTIONS] = "{\"anyOf\":[" EMPTY ",{\"type\":\"object\","
	    "\"properties\":{\"utf8\":" SCHEMA_REF("flag") "}}]}",
	[KEY_RESOURCE] = SCHEMA_REF("text"),
	[KEY_TYPE] = SCHEMA_REF("text"),
	[KEY_EXCLUDE] = SCHEMA_REF("texts"),
};

/* In the order of definition_handler_keys and definition_requirement_keys;
 * "args" can be anything, and is ignored. */
static const char *const handler_schemas[] = { SCHEMA_REF("text"), "true" };
static const char *const requirement_schemas[] = { SCHEMA_REF("text"),
    SCHEMA_REF("flag") };

/* {"type":"object","additionalProperties":false,"properties":{...} */
static int
add_object(struct buf *out, const char *type, const char *const *keys,
    const char *const *values, size_t n)
{
	size_t i;
	int rc = buf_addf(out, "{\"type\":%s,\"additionalProperties\":false,"
	    "\"properties\":{", type);

	for (i = 0; i < n && rc == 0; i++)
		rc = buf_addf(out, "%s\"%s\":%s", i > 0 ? "," : "", keys[i],
		    values[i]);
	return rc == 0 ? buf_add_char(out, '}') : -1;
}

/* A definition: a route with a channel and a handler, or an import.  Each has
 * two names for the one and two for the other. */
static int
add_definition(struct buf *out)
{
	if (add_object(out, "[\"object\",\"null\"]", definition_keys,
	    schemas, KEY_COUNT) == -1)
		return -1;
	return buf_addf(out, ",\"anyOf\":[{\"required\":[\"%s\"]},"
	    "{\"type\":\"null\"},{\"allOf\":["
	    "{\"oneOf\":[{\"required\":[\"%s\"]},{\"required\":[\"%s\"]}]},"
	    "{\"oneOf\":[{\"required\":[\"%s\"]},{\"required\":[\"%s\"]}]}"
	    "]}]}", definition_keys[KEY_RESOURCE], definition_keys[KEY_CHANNEL],
	    definition_keys[KEY_PATTERN], definition_keys[KEY_HANDLER],
	    definition_keys[KEY_CALLBACK]);
}

static int
add_all(struct buf *out)
{
	if (schema_begin(out, "websocket_routing.yml") == -1 ||
	    buf_add_str(out, ",\"handler\":") == -1 ||
	    add_object(out, "\"object\"", definition_handler_keys,
	    handler_schemas, 2) == -1 ||
	    buf_addf(out, ",\"required\":[\"%s\"]},\"requirement\":",
	    definition_handler_keys[0]) == -1 ||
	    add_object(out, "\"object\"", definition_requirement_keys,
	    requirement_schemas, 2) == -1 ||
	    buf_addf(out, ",\"required\":[\"%s\"]},\"definition\":",
	    definition_requirement_keys[0]) == -1 ||
	    add_definition(out) == -1)
		return -1;
	return buf_add_str(out, "},\"type\":[\"object\",\"null\"],"
	    "\"additionalProperties\":" SCHEMA_REF("definition") "}");
}

int
schema_routes(struct buf *out)
{
	struct buf text = { 0 };
	int rc = add_all(&text);

	if (rc == 0)
		rc = schema_end(out, buf_slice(&text));
	buf_clear(&text);
	return rc;
}
