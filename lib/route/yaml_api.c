/*
 * yaml_api.c: the functions of libyaml.
 */
#include "route/yaml_api.h"

#include "base/library.h"

#define ROW(fn)	LIBRARY_ROW(yaml_api, fn)

static const struct library_symbol yaml_symbols[] = {
	ROW(yaml_event_delete),
	ROW(yaml_parser_delete),
	ROW(yaml_parser_initialize),
	ROW(yaml_parser_parse),
	ROW(yaml_parser_set_encoding),
	ROW(yaml_parser_set_input_string),
	{ .name = NULL }
};

static const struct library libyaml = {
	"libyaml-0.so.2", "YAML files need libyaml", yaml_symbols
};

int
yaml_api_load(struct yaml_api *api, struct errbuf *e)
{
	return library_load(api, &libyaml, e);
}
