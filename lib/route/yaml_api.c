/*
 * yaml_api.c: the functions of libyaml.
 */
#include "route/yaml_api.h"

#include "base/library.h"

#define YAML_SONAME	"libyaml-0.so.2"

#define ROW(fn)	{ #fn, offsetof(struct yaml_api, fn) }

static const struct library_symbol yaml_symbols[] = {
	ROW(yaml_event_delete),
	ROW(yaml_parser_delete),
	ROW(yaml_parser_initialize),
	ROW(yaml_parser_parse),
	ROW(yaml_parser_set_encoding),
	ROW(yaml_parser_set_input_string),
};

int
yaml_api_load(struct yaml_api *api, struct errbuf *e)
{
	if (library_load(api, YAML_SONAME, yaml_symbols,
	    sizeof(yaml_symbols) / sizeof(yaml_symbols[0]), e) == 0)
		return 0;
	err_wrap(e, "YAML files need libyaml");
	return -1;
}
