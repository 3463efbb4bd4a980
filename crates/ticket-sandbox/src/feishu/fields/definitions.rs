//! The custom fields of the helpdesk.

use super::Choice;

/// A custom field.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) key_name: &'static str,
    pub(crate) display_name: &'static str,
    pub(crate) description: &'static str,
    pub(crate) kind: Type,
    pub(crate) required: bool,
    pub(crate) visible: bool,
}

/// The type of a field.
#[derive(Debug)]
pub(crate) enum Type {
    /// Text, with examples of values.
    Text(&'static [&'static str]),
    /// Digits, in a field of type string: Feishu has no numbers.
    Number,
    Multiline,
    Dropdown(&'static [Choice]),
    MultiSelect(&'static [Choice]),
    Nested(&'static [Choice]),
}

impl Type {
    /// Returns the documented name.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Text(_) | Self::Number => "string",
            Self::Multiline => "multiline",
            Self::Dropdown(_) | Self::MultiSelect(_) => "dropdown",
            Self::Nested(_) => "dropdown_nested",
        }
    }
}

impl Field {
    /// Returns the options of a dropdown.
    pub(crate) fn choices(&self) -> Option<&'static [Choice]> {
        match self.kind {
            Type::Dropdown(choices) | Type::MultiSelect(choices) | Type::Nested(choices) => {
                Some(choices)
            }
            Type::Text(_) | Type::Number | Type::Multiline => None,
        }
    }
}

/// The keys of the fields that every ticket may have.
pub(crate) mod key {
    pub(crate) const SUBJECT: &str = "subject";
    pub(crate) const SEVERITY: &str = "severity";
    pub(crate) const CATEGORY: &str = "category";
    pub(crate) const AFFECTED: &str = "affected_systems";
    pub(crate) const DESCRIPTION: &str = "description";
    pub(crate) const ASSET: &str = "asset_number";
    pub(crate) const USERS: &str = "affected_users";
}

const fn leaf(name: &'static str) -> Choice {
    Choice { name, children: &[] }
}

const fn node(name: &'static str, children: &'static [Choice]) -> Choice {
    Choice { name, children }
}

const fn field(key_name: &'static str, display_name: &'static str, kind: Type) -> Field {
    Field { key_name, display_name, description: "", kind, required: false, visible: true }
}

const SEVERITIES: &[Choice] =
    &[leaf("P1 紧急"), leaf("P2 High"), leaf("P3 Medium"), leaf("P4 Low")];
const YES_NO: &[Choice] = &[leaf("是 / Yes"), leaf("否 / No")];
const SITES: &[Choice] =
    &[leaf("上海总部"), leaf("深圳"), leaf("Singapore"), leaf("Warsaw"), leaf("Remote 🏠")];
const SYSTEMS: &[Choice] = &[
    leaf("ERP"),
    leaf("邮箱 / Email"),
    leaf("VPN"),
    leaf("CRM"),
    leaf("门禁系统"),
    leaf("Data warehouse"),
];
/// Three levels; every branch is that deep, so that a category has three indices.
const CATEGORIES: &[Choice] = &[
    node(
        "硬件 / Hardware",
        &[
            node("电脑", &[leaf("不开机"), leaf("显示器"), leaf("性能")]),
            node("外设", &[leaf("打印机"), leaf("投影"), leaf("电话")]),
        ],
    ),
    node(
        "网络 / Network",
        &[
            node("VPN", &[leaf("Disconnects"), leaf("Certificate")]),
            node("Wi-Fi", &[leaf("慢"), leaf("无法连接")]),
        ],
    ),
    node(
        "账号 / Accounts",
        &[
            node("登录", &[leaf("密码"), leaf("入职"), leaf("SSO"), leaf("离职")]),
            node("权限", &[leaf("财务"), leaf("HR")]),
        ],
    ),
    node(
        "应用 / Applications",
        &[
            node("业务系统", &[leaf("Finance"), leaf("ERP 报表"), leaf("BI")]),
            node("办公", &[leaf("Email"), leaf("文件")]),
        ],
    ),
    node(
        "安全 / Security",
        &[node("事件", &[leaf("Phishing"), leaf("Malware")]), node("门禁", &[leaf("卡片")])],
    ),
    node("其他 / Other", &[node("咨询", &[leaf("会议室"), leaf("Other")])]),
];

/// All custom fields, by position.
#[rustfmt::skip]
pub(crate) const FIELDS: &[Field] = &[
    Field { required: true, description: "一句话描述问题", ..field(key::SUBJECT, "标题 / Subject", Type::Text(&[])) },
    field(key::SEVERITY, "严重程度", Type::Dropdown(SEVERITIES)),
    Field { required: true, ..field(key::CATEGORY, "问题分类 / Category", Type::Nested(CATEGORIES)) },
    Field { description: "Multiple choices are possible", ..field(key::AFFECTED, "Affected systems", Type::MultiSelect(SYSTEMS)) },
    field(key::DESCRIPTION, "问题描述", Type::Multiline),
    field(key::ASSET, "资产编号 / Asset", Type::Text(&[])),
    field(key::USERS, "Affected users", Type::Number),
    field("site", "办公地点 / Site", Type::Dropdown(SITES)),
    field("floor", "楼层", Type::Number),
    field("phone", "联系电话", Type::Text(&["+86 139 0000 1234", "021-5555 0199", "ext. 4021"])),
    field("cost_center", "Cost center", Type::Text(&["CC-4100", "CC-4210", "9000-财务"])),
    field("vip", "VIP", Type::Dropdown(YES_NO)),
    field("remote_allowed", "允许远程协助", Type::Dropdown(YES_NO)),
    field("steps", "Steps to reproduce", Type::Multiline),
    field("error_code", "错误代码", Type::Text(&["0x80070005", "ERR_CERT_DATE_INVALID", "504"])),
    field("client_version", "客户端版本", Type::Text(&["5.2.1", "5.2.3", "4.9.0-beta"])),
    field("change_number", "Change (CHG)", Type::Text(&["CHG-2210", "CHG-2304"])),
    field("problem_number", "Problem (PRB)", Type::Text(&["PRB-0112", "PRB-0131"])),
    field("supplier", "供应商", Type::Text(&["联想服务", "Contoso Ltd."])),
    field("budget", "预算 (CNY)", Type::Number),
    field("approver", "审批人", Type::Text(&["王伟", "Grace Miller"])),
    field("due_date", "期望完成日期", Type::Text(&["2026-01-15", "2026-02-01", "尽快"])),
    field("workaround", "Workaround", Type::Multiline),
    field("root_cause", "根本原因", Type::Multiline),
    Field { visible: false, ..field("reopened", "重新打开次数", Type::Number) },
    Field { visible: false, ..field("language", "Language", Type::Text(&["zh_cn", "en_us"])) },
    Field { visible: false, description: "迁移自旧系统", ..field("legacy_id", "旧工单号", Type::Text(&["INC0010023", "INC0010547"])) },
    Field { visible: false, ..field("integration", "集成 🔗", Type::Text(&["jenkins", "🔗 webhook"])) },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generated::cases::CASES;

    #[test]
    fn every_case_has_a_category() {
        for case in CASES {
            let [top, middle, leaf] = case.category;
            let leaf =
                CATEGORIES.get(top).and_then(|top| top.children.get(middle)?.children.get(leaf));
            assert!(leaf.is_some(), "{}", case.subject);
        }
    }
}
