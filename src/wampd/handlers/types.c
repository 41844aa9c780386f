/*
 * types.c: the handler types of wampd.
 */
#include "wampd/handlers/types.h"

#include <stddef.h>

/* To add a type, add a file to this folder and a row here. */
const struct handler_type *const handler_types[] = {
	&handler_broadcast,
	&handler_closed,
	&handler_exec,
	&handler_jq,
	&handler_ping,
	&handler_secured,
	NULL,
};
