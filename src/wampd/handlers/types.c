/*
 * types.c: the handler types of wampd.
 */
#include "wampd/handlers/types.h"

#include <stddef.h>

/* A new type is one file in this folder and one row here. */
const struct handler_type *const handler_types[] = {
	&handler_broadcast,
	&handler_closed,
	&handler_exec,
	&handler_jq,
	&handler_ping,
	&handler_secured,
	NULL,
};
