/*
 * yaml_api.h: inside of yaml_build.c: the functions of libyaml, loaded when
 * there is a file to read: most runs of a tool read none.
 */
#pragma once

#include <yaml.h>

#include "base/err.h"

/* The functions that are called, with the types of the header. */
struct yaml_api {
	__typeof__(&yaml_event_delete)	       yaml_event_delete;
	__typeof__(&yaml_parser_delete)	       yaml_parser_delete;
	__typeof__(&yaml_parser_initialize)    yaml_parser_initialize;
	__typeof__(&yaml_parser_parse)	       yaml_parser_parse;
	__typeof__(&yaml_parser_set_encoding)  yaml_parser_set_encoding;
	__typeof__(&yaml_parser_set_input_string)
					       yaml_parser_set_input_string;
};

/* Load libyaml and fill the table.  0, or -1 with *e filled. */
int	yaml_api_load(struct yaml_api *api, struct errbuf *e);
