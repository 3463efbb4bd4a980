//! The options of `ticket sandbox`.

use clap::Args;

use super::whole_number;

/// Which fake servers to run.
#[derive(Debug, Args)]
pub(crate) struct Sandbox {
    /// The port to listen on. Default: any free port.
    #[arg(
        long,
        value_name = "PORT",
        default_value_t = 0,
        hide_default_value = true,
        value_parser = whole_number(0_u16..=u16::MAX)
    )]
    pub(crate) port: u16,

    /// Generate this many tickets of each service.
    #[arg(
        help = "Generate this many tickets of each service. Default: 300",
        long_help = "Generate this many tickets of each service, besides some fixed examples, which only `get` finds. With 0, Feishu \
                     lists the examples. Default: 300",
        long,
        value_name = "N",
        default_value_t = Sandbox::TICKETS,
        hide_default_value = true,
        value_parser = whole_number(0_u32..=10_000_000)
    )]
    pub(crate) tickets: u32,

    /// The seed of the generated tickets: the same seed, the same tickets. Default: 1.
    #[arg(long, value_name = "SEED", default_value_t = Sandbox::SEED, hide_default_value = true)]
    pub(crate) seed: u64,

    /// Multiply Feishu's rate limits; 0 turns them off. Default: 1, the documented limits.
    #[arg(
        long,
        value_name = "N",
        default_value_t = 1,
        hide_default_value = true,
        value_parser = whole_number(0_u32..)
    )]
    pub(crate) rate_limit_scale: u32,

    /// Print the ids of the served tickets and exit.
    #[arg(long)]
    pub(crate) list: bool,

    /// Inject a fault; may be repeated.
    #[arg(
        help = "Inject a fault, such as 'feishu.ticket 1-2: status 503'; may be repeated",
        long_help = "Inject a fault, `ROUTE [REQUESTS]: FAULT`: 'feishu.ticket 1-2: status 503', 'feishu.token 2: silence', \
                     '* 5%: delay 200ms'. May be repeated; `--faults` lists all faults",
        long = "fault",
        value_name = "RULE"
    )]
    pub(crate) rules: Vec<ticket_sandbox::FaultRule>,

    /// List all faults and exit.
    #[arg(long)]
    pub(crate) faults: bool,
}

impl Sandbox {
    /// The number of generated tickets of each service, also with the option `--sandbox`.
    pub(crate) const TICKETS: u32 = 300;
    /// The seed of the generated tickets, also with the option `--sandbox`.
    pub(crate) const SEED: u64 = 1;
}
