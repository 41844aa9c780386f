/*
 * audience.c: which of a topic's subscribers get an event.
 */
#include "wampd/core/audience.h"

#include "proto/json.h"

bool
audience_next(struct slice *rest, struct slice *id, struct buf *scratch)
{
	struct json_elem elem;

	while (json_next(rest, &elem))
		if (elem.type == JSON_STRING &&
		    json_string(id, &elem, scratch) == 0)
			return true;
	return false;
}
