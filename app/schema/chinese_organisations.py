"""The Chinese terms of what concerns organisations."""

from collections.abc import Mapping
from typing import Final

TYPES: Final[Mapping[str, str]] = {
    "Organisation": "组织",
    "ColourCount": "各颜色计数",
    "OrganisationAbove": "上级组织",
    "OrganisationCode": "归入码",
    "OrganisationColourReason": "组织变色原因",
    "OrganisationOffer": "组织转让",
    "OrganisationOwner": "负责人",
    "OrganisationRole": "组织角色",
    "OrganisationStatusChange": "组织状态变化",
    "OverseenGroup": "下属团体",
    "OverseenGroupFilter": "下属团体筛选",
    "OverseenGroupOrder": "下属团体排序",
    "OverseenGroupOrderField": "下属团体排序依据",
    "Overseer": "督导员",
    "OversightOffer": "督导邀请",
    "ShownDay": "当日概数",
    "ShownDosesCount": "接种剂次概数",
    "ShownStatistics": "概数统计",
}
FIELDS: Final[Mapping[str, str]] = {
    "Mutation.acceptOrganisation": "接手组织",
    "Mutation.acceptOversight": "接受督导",
    "Mutation.appointOverseer": "邀请督导员",
    "Mutation.attachGroup": "团体归入组织",
    "Mutation.attachOrganisation": "组织归入上级",
    "Mutation.createOrganisation": "创建组织",
    "Mutation.createOrganisationCode": "生成归入码",
    "Mutation.detachGroup": "团体脱离组织",
    "Mutation.detachOrganisation": "组织脱离上级",
    "Mutation.dismissOverseer": "取消督导员",
    "Mutation.dissolveOrganisation": "解散组织",
    "Mutation.offerOrganisation": "转让组织",
    "Mutation.updateOrganisation": "修改组织信息",
    "Mutation.withdrawOrganisationOffer": "撤回组织转让",
    "Organisation.groups": "下属团体",
    "children": "下级组织",
    "groupCount": "团体数",
    "organisation": "组织",
    "organisations": "组织",
    "organisationsOfCode": "归入码所属组织",
    "organisationsSee": "上级组织可见内容",
    "overseers": "督导员",
    "oversightOffers": "督导邀请",
    "owner": "负责人",
    "parent": "上级组织",
    "turned": "变色团体",
    "turnedAt": "变色时间",
}
VALUES: Final[Mapping[str, Mapping[str, str]]] = {
    "OrganisationRole": {"OWNER": "负责人", "OVERSEER": "督导员"},
    "OverseenGroupOrderField": {"NAME": "名称", "COLOUR": "颜色", "TURNED_AT": "变色时间"},
}
