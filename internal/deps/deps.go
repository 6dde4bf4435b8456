package deps
import (
_ "github.com/spf13/cobra"
_ "github.com/prometheus/client_golang/prometheus/promhttp"
_ "github.com/prometheus/client_golang/prometheus/testutil"
_ "github.com/prometheus/client_golang/prometheus/collectors"
_ "github.com/prometheus/exporter-toolkit/web"
_ "github.com/onsi/ginkgo/v2"
_ "github.com/onsi/gomega"
_ "github.com/onsi/gomega/gcustom"
_ "golang.org/x/net/dns/dnsmessage"
_ "golang.org/x/crypto/cryptobyte"
_ "golang.org/x/crypto/ocsp"
_ "golang.org/x/term"
_ "golang.org/x/time/rate"
)
