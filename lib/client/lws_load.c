/*
 * lws_load.c: libwebsockets, loaded when a tool is given a URL.
 */
#include "client/lws_load.h"

#include "base/library.h"

/* Structs are shared: it must be the library whose header this was compiled
 * with.  The Makefile reads LWS_SONAME from that library. */
#define TEXT(name)	TEXT_OF(name)
#define TEXT_OF(name)	#name
_Static_assert(sizeof(TEXT(LWS_SONAME)) > 1, "found no libwebsockets.so");

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
	{ .name = NULL }
};

static const struct library lws = {
	TEXT(LWS_SONAME), "ws:// and wss:// need libwebsockets", lws_symbols
};

int
lws_load(struct lws_api *api, struct errbuf *e)
{
	return library_load(api, &lws, e);
}
