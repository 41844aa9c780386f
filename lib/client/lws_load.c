/*
 * lws_load.c: libwebsockets, loaded when a tool is given a URL.
 */
#include "client/lws_load.h"

#include "base/library.h"

/* The version whose header this was compiled with: structs are shared. */
#define LWS_SONAME	"libwebsockets.so.17"
_Static_assert(LWS_LIBRARY_VERSION_MAJOR == 4 &&
    LWS_LIBRARY_VERSION_MINOR == 1, LWS_SONAME " is libwebsockets 4.1");

#define ROW(fn)	{ "lws_" #fn, offsetof(struct lws_api, fn) }

static const struct library_symbol lws_symbols[] = {
	ROW(client_connect_via_info),
	ROW(context_destroy),
	ROW(create_context),
	ROW(frame_is_binary),
	ROW(get_socket_fd),
	ROW(hdr_copy),
	ROW(http_client_http_response),
	ROW(is_final_fragment),
	ROW(partial_buffered),
	ROW(remaining_packet_payload),
	ROW(service),
	ROW(service_adjust_timeout),
	ROW(set_log_level),
	ROW(sul_schedule),
	ROW(wsi_user),
	ROW(write),
};

int
lws_load(struct lws_api *api, struct errbuf *e)
{
	if (library_load(api, LWS_SONAME, lws_symbols,
	    sizeof(lws_symbols) / sizeof(lws_symbols[0]), e) == 0)
		return 0;
	err_wrap(e, "ws:// and wss:// need libwebsockets");
	return -1;
}
