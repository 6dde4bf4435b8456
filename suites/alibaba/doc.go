// Package alibaba is what the products of Alibaba Cloud with an API of the RPC style are asked
// and judged by, beyond what package common demands of any endpoint.
package alibaba
