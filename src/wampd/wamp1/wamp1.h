/*
 * wamp1.h: WAMP v1 as a protocol of the broker.
 */
#pragma once

struct protocol;

extern const struct protocol protocol_wamp1;
