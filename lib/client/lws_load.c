/*
 * lws_load.c: libwebsockets, loaded when a tool is given a URL.
 */
#include "client/lws_load.h"

#include <dlfcn.h>
#include <string.h>

/* The version whose header this was compiled with: structs are shared. */
#define LWS_SONAME	"libwebsockets.so.17"
_Static_assert(LWS_LIBRARY_VERSION_MAJOR == 4 &&
    LWS_LIBRARY_VERSION_MINOR == 1, LWS_SONAME " is libwebsockets 4.1");

#define ROW(fn)	{ "lws_" #fn, offsetof(struct lws_api, fn) }

static const struct {
	const char *name;
	size_t	    at;
} lws_symbols[] = {
	ROW(client_connect_via_info),
	ROW(context_destroy),
	ROW(create_context),
	ROW(frame_is_binary),
	ROW(get_socket_fd),
	ROW(http_client_http_response),
	ROW(is_final_fragment),
	ROW(partial_buffered),
	ROW(remaining_packet_payload),
	ROW(service),
	ROW(service_adjust_timeout),
	ROW(set_log_level),
	ROW(sul_schedule),
	ROW(write),
};

int
lws_load(struct lws_api *api, struct errbuf *e)
{
	void *library, *symbol;
	size_t i;

	if ((library = dlopen(LWS_SONAME, RTLD_NOW)) == NULL) {
		err_set(e, "ws:// and wss:// need libwebsockets: %s",
		    dlerror());
		return -1;
	}
	for (i = 0; i < sizeof(lws_symbols) / sizeof(lws_symbols[0]); i++) {
		symbol = dlsym(library, lws_symbols[i].name);
		if (symbol == NULL) {
			err_set(e, "%s has no %s", LWS_SONAME,
			    lws_symbols[i].name);
			return -1;
		}
		/* ISO C has no conversion from data to function pointer. */
		memcpy((char *)api + lws_symbols[i].at, &symbol,
		    sizeof(symbol));
	}
	return 0;
}
