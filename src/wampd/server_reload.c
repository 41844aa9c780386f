/*
 * server_reload.c: the parts of the server that a reload changes.
 */
#include <stddef.h>

#include "wampd/reload_part.h"

const struct reload_part reload_parts[] = {
	{ .name = NULL }
};
