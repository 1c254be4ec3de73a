// Generated from proto/ by scripts/generate.ts; edit those instead. Every service, with its paths and numbers.
import type { MethodDescriptor, ServiceDescriptor } from '../service.js';

import {
  RangeRequest,
  RangeResponse,
  PutRequest,
  PutResponse,
  DeleteRangeRequest,
  DeleteRangeResponse,
  TxnRequest,
  TxnResponse,
  CompactionRequest,
  CompactionResponse,
  WatchRequest,
  WatchResponse,
  LeaseGrantRequest,
  LeaseGrantResponse,
  LeaseRevokeRequest,
  LeaseRevokeResponse,
  LeaseKeepAliveRequest,
  LeaseKeepAliveResponse,
  LeaseTimeToLiveRequest,
  LeaseTimeToLiveResponse,
  LeaseLeasesRequest,
  LeaseLeasesResponse,
  MemberAddRequest,
  MemberAddResponse,
  MemberRemoveRequest,
  MemberRemoveResponse,
  MemberUpdateRequest,
  MemberUpdateResponse,
  MemberListRequest,
  MemberListResponse,
  MemberPromoteRequest,
  MemberPromoteResponse,
  AlarmRequest,
  AlarmResponse,
  DefragmentRequest,
  DefragmentResponse,
  MoveLeaderRequest,
  MoveLeaderResponse,
  HashRequest,
  HashResponse,
  HashKVRequest,
  HashKVResponse,
  SnapshotRequest,
  SnapshotResponse,
  DowngradeRequest,
  DowngradeResponse,
  StatusRequest,
  StatusResponse,
  AuthEnableRequest,
  AuthEnableResponse,
  AuthDisableRequest,
  AuthDisableResponse,
  AuthStatusRequest,
  AuthStatusResponse,
  AuthenticateRequest,
  AuthenticateResponse,
  AuthUserAddRequest,
  AuthUserAddResponse,
  AuthUserGetRequest,
  AuthUserGetResponse,
  AuthUserListRequest,
  AuthUserListResponse,
  AuthUserDeleteRequest,
  AuthUserDeleteResponse,
  AuthUserChangePasswordRequest,
  AuthUserChangePasswordResponse,
  AuthUserGrantRoleRequest,
  AuthUserGrantRoleResponse,
  AuthUserRevokeRoleRequest,
  AuthUserRevokeRoleResponse,
  AuthRoleAddRequest,
  AuthRoleAddResponse,
  AuthRoleGetRequest,
  AuthRoleGetResponse,
  AuthRoleListRequest,
  AuthRoleListResponse,
  AuthRoleDeleteRequest,
  AuthRoleDeleteResponse,
  AuthRoleGrantPermissionRequest,
  AuthRoleGrantPermissionResponse,
  AuthRoleRevokePermissionRequest,
  AuthRoleRevokePermissionResponse,
} from './etcdserverpb.js';
import { LockRequest, LockResponse, UnlockRequest, UnlockResponse } from './v3lockpb.js';
import {
  CampaignRequest,
  CampaignResponse,
  LeaderRequest,
  LeaderResponse,
  ResignRequest,
  ResignResponse,
  ProclaimRequest,
  ProclaimResponse,
} from './v3electionpb.js';
import {
  ClusterStatusRequest,
  ClusterStatusResponse,
  PlanRequest,
  PlanResponse,
  PolicyGetRequest,
  PolicyGetResponse,
  PolicySetRequest,
  PolicySetResponse,
  AddMemberRequest,
  AddMemberResponse,
  PromoteMemberRequest,
  PromoteMemberResponse,
  DemoteMemberRequest,
  DemoteMemberResponse,
  ReplaceMemberRequest,
  ReplaceMemberResponse,
  DrainRequest,
  DrainResponse,
  PauseRequest,
  PauseResponse,
  ResumeRequest,
  ResumeResponse,
  StandbyListRequest,
  StandbyListResponse,
  StandbyReport,
  StandbyInstruction,
} from './understudy-v1.js';
import { HealthCheckRequest, HealthCheckResponse } from './grpc-health-v1.js';
import { ServerReflectionRequest, ServerReflectionResponse } from './grpc-reflection-v1.js';

export const KVService: {
  readonly typeName: 'etcdserverpb.KV';
  readonly methods: {
    readonly range: MethodDescriptor<RangeRequest, RangeResponse, 'unary'>;
    readonly put: MethodDescriptor<PutRequest, PutResponse, 'unary'>;
    readonly deleteRange: MethodDescriptor<DeleteRangeRequest, DeleteRangeResponse, 'unary'>;
    readonly txn: MethodDescriptor<TxnRequest, TxnResponse, 'unary'>;
    readonly compact: MethodDescriptor<CompactionRequest, CompactionResponse, 'unary'>;
  };
} = {
  typeName: 'etcdserverpb.KV',
  methods: {
    range: {
      service: 'etcdserverpb.KV',
      name: 'Range',
      path: '/etcdserverpb.KV/Range',
      kind: 'unary',
      input: RangeRequest,
      output: RangeResponse,
      http: [{ method: 'POST', path: '/v3/kv/range' }],
      id: 1,
      permission: 'range',
    },
    put: {
      service: 'etcdserverpb.KV',
      name: 'Put',
      path: '/etcdserverpb.KV/Put',
      kind: 'unary',
      input: PutRequest,
      output: PutResponse,
      http: [{ method: 'POST', path: '/v3/kv/put' }],
      id: 2,
      permission: 'put',
    },
    deleteRange: {
      service: 'etcdserverpb.KV',
      name: 'DeleteRange',
      path: '/etcdserverpb.KV/DeleteRange',
      kind: 'unary',
      input: DeleteRangeRequest,
      output: DeleteRangeResponse,
      http: [{ method: 'POST', path: '/v3/kv/deleterange' }],
      id: 3,
      permission: 'delete_range',
    },
    txn: {
      service: 'etcdserverpb.KV',
      name: 'Txn',
      path: '/etcdserverpb.KV/Txn',
      kind: 'unary',
      input: TxnRequest,
      output: TxnResponse,
      http: [{ method: 'POST', path: '/v3/kv/txn' }],
      id: 4,
      permission: 'txn',
    },
    compact: {
      service: 'etcdserverpb.KV',
      name: 'Compact',
      path: '/etcdserverpb.KV/Compact',
      kind: 'unary',
      input: CompactionRequest,
      output: CompactionResponse,
      http: [{ method: 'POST', path: '/v3/kv/compaction' }],
      id: 5,
      permission: 'write_all',
    },
  },
};

export const WatchService: {
  readonly typeName: 'etcdserverpb.Watch';
  readonly methods: { readonly watch: MethodDescriptor<WatchRequest, WatchResponse, 'bidi'> };
} = {
  typeName: 'etcdserverpb.Watch',
  methods: {
    watch: {
      service: 'etcdserverpb.Watch',
      name: 'Watch',
      path: '/etcdserverpb.Watch/Watch',
      kind: 'bidi',
      input: WatchRequest,
      output: WatchResponse,
      http: [{ method: 'POST', path: '/v3/watch' }],
      id: 6,
      permission: 'watch',
    },
  },
};

export const LeaseService: {
  readonly typeName: 'etcdserverpb.Lease';
  readonly methods: {
    readonly leaseGrant: MethodDescriptor<LeaseGrantRequest, LeaseGrantResponse, 'unary'>;
    readonly leaseRevoke: MethodDescriptor<LeaseRevokeRequest, LeaseRevokeResponse, 'unary'>;
    readonly leaseKeepAlive: MethodDescriptor<LeaseKeepAliveRequest, LeaseKeepAliveResponse, 'bidi'>;
    readonly leaseTimeToLive: MethodDescriptor<LeaseTimeToLiveRequest, LeaseTimeToLiveResponse, 'unary'>;
    readonly leaseLeases: MethodDescriptor<LeaseLeasesRequest, LeaseLeasesResponse, 'unary'>;
  };
} = {
  typeName: 'etcdserverpb.Lease',
  methods: {
    leaseGrant: {
      service: 'etcdserverpb.Lease',
      name: 'LeaseGrant',
      path: '/etcdserverpb.Lease/LeaseGrant',
      kind: 'unary',
      input: LeaseGrantRequest,
      output: LeaseGrantResponse,
      http: [{ method: 'POST', path: '/v3/lease/grant' }],
      id: 7,
      permission: 'user',
    },
    leaseRevoke: {
      service: 'etcdserverpb.Lease',
      name: 'LeaseRevoke',
      path: '/etcdserverpb.Lease/LeaseRevoke',
      kind: 'unary',
      input: LeaseRevokeRequest,
      output: LeaseRevokeResponse,
      http: [
        { method: 'POST', path: '/v3/lease/revoke' },
        { method: 'POST', path: '/v3/kv/lease/revoke' },
      ],
      id: 8,
      permission: 'lease_revoke',
    },
    leaseKeepAlive: {
      service: 'etcdserverpb.Lease',
      name: 'LeaseKeepAlive',
      path: '/etcdserverpb.Lease/LeaseKeepAlive',
      kind: 'bidi',
      input: LeaseKeepAliveRequest,
      output: LeaseKeepAliveResponse,
      http: [{ method: 'POST', path: '/v3/lease/keepalive' }],
      id: 9,
      permission: 'user',
    },
    leaseTimeToLive: {
      service: 'etcdserverpb.Lease',
      name: 'LeaseTimeToLive',
      path: '/etcdserverpb.Lease/LeaseTimeToLive',
      kind: 'unary',
      input: LeaseTimeToLiveRequest,
      output: LeaseTimeToLiveResponse,
      http: [
        { method: 'POST', path: '/v3/lease/timetolive' },
        { method: 'POST', path: '/v3/kv/lease/timetolive' },
      ],
      id: 10,
      permission: 'lease_keys',
    },
    leaseLeases: {
      service: 'etcdserverpb.Lease',
      name: 'LeaseLeases',
      path: '/etcdserverpb.Lease/LeaseLeases',
      kind: 'unary',
      input: LeaseLeasesRequest,
      output: LeaseLeasesResponse,
      http: [
        { method: 'POST', path: '/v3/lease/leases' },
        { method: 'POST', path: '/v3/kv/lease/leases' },
      ],
      id: 11,
      permission: 'user',
    },
  },
};

export const ClusterService: {
  readonly typeName: 'etcdserverpb.Cluster';
  readonly methods: {
    readonly memberAdd: MethodDescriptor<MemberAddRequest, MemberAddResponse, 'unary'>;
    readonly memberRemove: MethodDescriptor<MemberRemoveRequest, MemberRemoveResponse, 'unary'>;
    readonly memberUpdate: MethodDescriptor<MemberUpdateRequest, MemberUpdateResponse, 'unary'>;
    readonly memberList: MethodDescriptor<MemberListRequest, MemberListResponse, 'unary'>;
    readonly memberPromote: MethodDescriptor<MemberPromoteRequest, MemberPromoteResponse, 'unary'>;
  };
} = {
  typeName: 'etcdserverpb.Cluster',
  methods: {
    memberAdd: {
      service: 'etcdserverpb.Cluster',
      name: 'MemberAdd',
      path: '/etcdserverpb.Cluster/MemberAdd',
      kind: 'unary',
      input: MemberAddRequest,
      output: MemberAddResponse,
      http: [{ method: 'POST', path: '/v3/cluster/member/add' }],
      id: 12,
      permission: 'admin',
    },
    memberRemove: {
      service: 'etcdserverpb.Cluster',
      name: 'MemberRemove',
      path: '/etcdserverpb.Cluster/MemberRemove',
      kind: 'unary',
      input: MemberRemoveRequest,
      output: MemberRemoveResponse,
      http: [{ method: 'POST', path: '/v3/cluster/member/remove' }],
      id: 13,
      permission: 'admin',
    },
    memberUpdate: {
      service: 'etcdserverpb.Cluster',
      name: 'MemberUpdate',
      path: '/etcdserverpb.Cluster/MemberUpdate',
      kind: 'unary',
      input: MemberUpdateRequest,
      output: MemberUpdateResponse,
      http: [{ method: 'POST', path: '/v3/cluster/member/update' }],
      id: 14,
      permission: 'admin',
    },
    memberList: {
      service: 'etcdserverpb.Cluster',
      name: 'MemberList',
      path: '/etcdserverpb.Cluster/MemberList',
      kind: 'unary',
      input: MemberListRequest,
      output: MemberListResponse,
      http: [{ method: 'POST', path: '/v3/cluster/member/list' }],
      id: 15,
      permission: 'user',
    },
    memberPromote: {
      service: 'etcdserverpb.Cluster',
      name: 'MemberPromote',
      path: '/etcdserverpb.Cluster/MemberPromote',
      kind: 'unary',
      input: MemberPromoteRequest,
      output: MemberPromoteResponse,
      http: [{ method: 'POST', path: '/v3/cluster/member/promote' }],
      id: 16,
      permission: 'admin',
    },
  },
};

export const MaintenanceService: {
  readonly typeName: 'etcdserverpb.Maintenance';
  readonly methods: {
    readonly alarm: MethodDescriptor<AlarmRequest, AlarmResponse, 'unary'>;
    readonly status: MethodDescriptor<StatusRequest, StatusResponse, 'unary'>;
    readonly defragment: MethodDescriptor<DefragmentRequest, DefragmentResponse, 'unary'>;
    readonly hash: MethodDescriptor<HashRequest, HashResponse, 'unary'>;
    readonly hashKV: MethodDescriptor<HashKVRequest, HashKVResponse, 'unary'>;
    readonly snapshot: MethodDescriptor<SnapshotRequest, SnapshotResponse, 'server-stream'>;
    readonly moveLeader: MethodDescriptor<MoveLeaderRequest, MoveLeaderResponse, 'unary'>;
    readonly downgrade: MethodDescriptor<DowngradeRequest, DowngradeResponse, 'unary'>;
  };
} = {
  typeName: 'etcdserverpb.Maintenance',
  methods: {
    alarm: {
      service: 'etcdserverpb.Maintenance',
      name: 'Alarm',
      path: '/etcdserverpb.Maintenance/Alarm',
      kind: 'unary',
      input: AlarmRequest,
      output: AlarmResponse,
      http: [{ method: 'POST', path: '/v3/maintenance/alarm' }],
      id: 17,
      permission: 'admin',
    },
    status: {
      service: 'etcdserverpb.Maintenance',
      name: 'Status',
      path: '/etcdserverpb.Maintenance/Status',
      kind: 'unary',
      input: StatusRequest,
      output: StatusResponse,
      http: [{ method: 'POST', path: '/v3/maintenance/status' }],
      id: 18,
      permission: 'none',
    },
    defragment: {
      service: 'etcdserverpb.Maintenance',
      name: 'Defragment',
      path: '/etcdserverpb.Maintenance/Defragment',
      kind: 'unary',
      input: DefragmentRequest,
      output: DefragmentResponse,
      http: [{ method: 'POST', path: '/v3/maintenance/defragment' }],
      id: 19,
      permission: 'admin',
    },
    hash: {
      service: 'etcdserverpb.Maintenance',
      name: 'Hash',
      path: '/etcdserverpb.Maintenance/Hash',
      kind: 'unary',
      input: HashRequest,
      output: HashResponse,
      http: [{ method: 'POST', path: '/v3/maintenance/hash' }],
      id: 20,
      permission: 'admin',
    },
    hashKV: {
      service: 'etcdserverpb.Maintenance',
      name: 'HashKV',
      path: '/etcdserverpb.Maintenance/HashKV',
      kind: 'unary',
      input: HashKVRequest,
      output: HashKVResponse,
      http: [{ method: 'POST', path: '/v3/maintenance/hashkv' }],
      id: 21,
      permission: 'admin',
    },
    snapshot: {
      service: 'etcdserverpb.Maintenance',
      name: 'Snapshot',
      path: '/etcdserverpb.Maintenance/Snapshot',
      kind: 'server-stream',
      input: SnapshotRequest,
      output: SnapshotResponse,
      http: [{ method: 'POST', path: '/v3/maintenance/snapshot' }],
      id: 22,
      permission: 'admin',
    },
    moveLeader: {
      service: 'etcdserverpb.Maintenance',
      name: 'MoveLeader',
      path: '/etcdserverpb.Maintenance/MoveLeader',
      kind: 'unary',
      input: MoveLeaderRequest,
      output: MoveLeaderResponse,
      http: [{ method: 'POST', path: '/v3/maintenance/transfer-leadership' }],
      id: 23,
      permission: 'admin',
    },
    downgrade: {
      service: 'etcdserverpb.Maintenance',
      name: 'Downgrade',
      path: '/etcdserverpb.Maintenance/Downgrade',
      kind: 'unary',
      input: DowngradeRequest,
      output: DowngradeResponse,
      http: [{ method: 'POST', path: '/v3/maintenance/downgrade' }],
      id: 24,
      permission: 'admin',
    },
  },
};

export const AuthService: {
  readonly typeName: 'etcdserverpb.Auth';
  readonly methods: {
    readonly authEnable: MethodDescriptor<AuthEnableRequest, AuthEnableResponse, 'unary'>;
    readonly authDisable: MethodDescriptor<AuthDisableRequest, AuthDisableResponse, 'unary'>;
    readonly authStatus: MethodDescriptor<AuthStatusRequest, AuthStatusResponse, 'unary'>;
    readonly authenticate: MethodDescriptor<AuthenticateRequest, AuthenticateResponse, 'unary'>;
    readonly userAdd: MethodDescriptor<AuthUserAddRequest, AuthUserAddResponse, 'unary'>;
    readonly userGet: MethodDescriptor<AuthUserGetRequest, AuthUserGetResponse, 'unary'>;
    readonly userList: MethodDescriptor<AuthUserListRequest, AuthUserListResponse, 'unary'>;
    readonly userDelete: MethodDescriptor<AuthUserDeleteRequest, AuthUserDeleteResponse, 'unary'>;
    readonly userChangePassword: MethodDescriptor<
      AuthUserChangePasswordRequest,
      AuthUserChangePasswordResponse,
      'unary'
    >;
    readonly userGrantRole: MethodDescriptor<AuthUserGrantRoleRequest, AuthUserGrantRoleResponse, 'unary'>;
    readonly userRevokeRole: MethodDescriptor<AuthUserRevokeRoleRequest, AuthUserRevokeRoleResponse, 'unary'>;
    readonly roleAdd: MethodDescriptor<AuthRoleAddRequest, AuthRoleAddResponse, 'unary'>;
    readonly roleGet: MethodDescriptor<AuthRoleGetRequest, AuthRoleGetResponse, 'unary'>;
    readonly roleList: MethodDescriptor<AuthRoleListRequest, AuthRoleListResponse, 'unary'>;
    readonly roleDelete: MethodDescriptor<AuthRoleDeleteRequest, AuthRoleDeleteResponse, 'unary'>;
    readonly roleGrantPermission: MethodDescriptor<
      AuthRoleGrantPermissionRequest,
      AuthRoleGrantPermissionResponse,
      'unary'
    >;
    readonly roleRevokePermission: MethodDescriptor<
      AuthRoleRevokePermissionRequest,
      AuthRoleRevokePermissionResponse,
      'unary'
    >;
  };
} = {
  typeName: 'etcdserverpb.Auth',
  methods: {
    authEnable: {
      service: 'etcdserverpb.Auth',
      name: 'AuthEnable',
      path: '/etcdserverpb.Auth/AuthEnable',
      kind: 'unary',
      input: AuthEnableRequest,
      output: AuthEnableResponse,
      http: [{ method: 'POST', path: '/v3/auth/enable' }],
      id: 25,
      permission: 'admin',
    },
    authDisable: {
      service: 'etcdserverpb.Auth',
      name: 'AuthDisable',
      path: '/etcdserverpb.Auth/AuthDisable',
      kind: 'unary',
      input: AuthDisableRequest,
      output: AuthDisableResponse,
      http: [{ method: 'POST', path: '/v3/auth/disable' }],
      id: 26,
      permission: 'admin',
    },
    authStatus: {
      service: 'etcdserverpb.Auth',
      name: 'AuthStatus',
      path: '/etcdserverpb.Auth/AuthStatus',
      kind: 'unary',
      input: AuthStatusRequest,
      output: AuthStatusResponse,
      http: [{ method: 'POST', path: '/v3/auth/status' }],
      id: 27,
      permission: 'admin',
    },
    authenticate: {
      service: 'etcdserverpb.Auth',
      name: 'Authenticate',
      path: '/etcdserverpb.Auth/Authenticate',
      kind: 'unary',
      input: AuthenticateRequest,
      output: AuthenticateResponse,
      http: [{ method: 'POST', path: '/v3/auth/authenticate' }],
      id: 28,
      permission: 'none',
    },
    userAdd: {
      service: 'etcdserverpb.Auth',
      name: 'UserAdd',
      path: '/etcdserverpb.Auth/UserAdd',
      kind: 'unary',
      input: AuthUserAddRequest,
      output: AuthUserAddResponse,
      http: [{ method: 'POST', path: '/v3/auth/user/add' }],
      id: 29,
      permission: 'admin',
    },
    userGet: {
      service: 'etcdserverpb.Auth',
      name: 'UserGet',
      path: '/etcdserverpb.Auth/UserGet',
      kind: 'unary',
      input: AuthUserGetRequest,
      output: AuthUserGetResponse,
      http: [{ method: 'POST', path: '/v3/auth/user/get' }],
      id: 30,
      permission: 'own_user',
    },
    userList: {
      service: 'etcdserverpb.Auth',
      name: 'UserList',
      path: '/etcdserverpb.Auth/UserList',
      kind: 'unary',
      input: AuthUserListRequest,
      output: AuthUserListResponse,
      http: [{ method: 'POST', path: '/v3/auth/user/list' }],
      id: 31,
      permission: 'admin',
    },
    userDelete: {
      service: 'etcdserverpb.Auth',
      name: 'UserDelete',
      path: '/etcdserverpb.Auth/UserDelete',
      kind: 'unary',
      input: AuthUserDeleteRequest,
      output: AuthUserDeleteResponse,
      http: [{ method: 'POST', path: '/v3/auth/user/delete' }],
      id: 32,
      permission: 'admin',
    },
    userChangePassword: {
      service: 'etcdserverpb.Auth',
      name: 'UserChangePassword',
      path: '/etcdserverpb.Auth/UserChangePassword',
      kind: 'unary',
      input: AuthUserChangePasswordRequest,
      output: AuthUserChangePasswordResponse,
      http: [{ method: 'POST', path: '/v3/auth/user/changepw' }],
      id: 33,
      permission: 'admin',
    },
    userGrantRole: {
      service: 'etcdserverpb.Auth',
      name: 'UserGrantRole',
      path: '/etcdserverpb.Auth/UserGrantRole',
      kind: 'unary',
      input: AuthUserGrantRoleRequest,
      output: AuthUserGrantRoleResponse,
      http: [{ method: 'POST', path: '/v3/auth/user/grant' }],
      id: 34,
      permission: 'admin',
    },
    userRevokeRole: {
      service: 'etcdserverpb.Auth',
      name: 'UserRevokeRole',
      path: '/etcdserverpb.Auth/UserRevokeRole',
      kind: 'unary',
      input: AuthUserRevokeRoleRequest,
      output: AuthUserRevokeRoleResponse,
      http: [{ method: 'POST', path: '/v3/auth/user/revoke' }],
      id: 35,
      permission: 'admin',
    },
    roleAdd: {
      service: 'etcdserverpb.Auth',
      name: 'RoleAdd',
      path: '/etcdserverpb.Auth/RoleAdd',
      kind: 'unary',
      input: AuthRoleAddRequest,
      output: AuthRoleAddResponse,
      http: [{ method: 'POST', path: '/v3/auth/role/add' }],
      id: 36,
      permission: 'admin',
    },
    roleGet: {
      service: 'etcdserverpb.Auth',
      name: 'RoleGet',
      path: '/etcdserverpb.Auth/RoleGet',
      kind: 'unary',
      input: AuthRoleGetRequest,
      output: AuthRoleGetResponse,
      http: [{ method: 'POST', path: '/v3/auth/role/get' }],
      id: 37,
      permission: 'own_role',
    },
    roleList: {
      service: 'etcdserverpb.Auth',
      name: 'RoleList',
      path: '/etcdserverpb.Auth/RoleList',
      kind: 'unary',
      input: AuthRoleListRequest,
      output: AuthRoleListResponse,
      http: [{ method: 'POST', path: '/v3/auth/role/list' }],
      id: 38,
      permission: 'admin',
    },
    roleDelete: {
      service: 'etcdserverpb.Auth',
      name: 'RoleDelete',
      path: '/etcdserverpb.Auth/RoleDelete',
      kind: 'unary',
      input: AuthRoleDeleteRequest,
      output: AuthRoleDeleteResponse,
      http: [{ method: 'POST', path: '/v3/auth/role/delete' }],
      id: 39,
      permission: 'admin',
    },
    roleGrantPermission: {
      service: 'etcdserverpb.Auth',
      name: 'RoleGrantPermission',
      path: '/etcdserverpb.Auth/RoleGrantPermission',
      kind: 'unary',
      input: AuthRoleGrantPermissionRequest,
      output: AuthRoleGrantPermissionResponse,
      http: [{ method: 'POST', path: '/v3/auth/role/grant' }],
      id: 40,
      permission: 'admin',
    },
    roleRevokePermission: {
      service: 'etcdserverpb.Auth',
      name: 'RoleRevokePermission',
      path: '/etcdserverpb.Auth/RoleRevokePermission',
      kind: 'unary',
      input: AuthRoleRevokePermissionRequest,
      output: AuthRoleRevokePermissionResponse,
      http: [{ method: 'POST', path: '/v3/auth/role/revoke' }],
      id: 41,
      permission: 'admin',
    },
  },
};

export const LockService: {
  readonly typeName: 'v3lockpb.Lock';
  readonly methods: {
    readonly lock: MethodDescriptor<LockRequest, LockResponse, 'unary'>;
    readonly unlock: MethodDescriptor<UnlockRequest, UnlockResponse, 'unary'>;
  };
} = {
  typeName: 'v3lockpb.Lock',
  methods: {
    lock: {
      service: 'v3lockpb.Lock',
      name: 'Lock',
      path: '/v3lockpb.Lock/Lock',
      kind: 'unary',
      input: LockRequest,
      output: LockResponse,
      http: [{ method: 'POST', path: '/v3/lock/lock' }],
      id: 42,
      permission: 'lock',
    },
    unlock: {
      service: 'v3lockpb.Lock',
      name: 'Unlock',
      path: '/v3lockpb.Lock/Unlock',
      kind: 'unary',
      input: UnlockRequest,
      output: UnlockResponse,
      http: [{ method: 'POST', path: '/v3/lock/unlock' }],
      id: 43,
      permission: 'lock',
    },
  },
};

export const ElectionService: {
  readonly typeName: 'v3electionpb.Election';
  readonly methods: {
    readonly campaign: MethodDescriptor<CampaignRequest, CampaignResponse, 'unary'>;
    readonly proclaim: MethodDescriptor<ProclaimRequest, ProclaimResponse, 'unary'>;
    readonly leader: MethodDescriptor<LeaderRequest, LeaderResponse, 'unary'>;
    readonly observe: MethodDescriptor<LeaderRequest, LeaderResponse, 'server-stream'>;
    readonly resign: MethodDescriptor<ResignRequest, ResignResponse, 'unary'>;
  };
} = {
  typeName: 'v3electionpb.Election',
  methods: {
    campaign: {
      service: 'v3electionpb.Election',
      name: 'Campaign',
      path: '/v3electionpb.Election/Campaign',
      kind: 'unary',
      input: CampaignRequest,
      output: CampaignResponse,
      http: [{ method: 'POST', path: '/v3/election/campaign' }],
      id: 44,
      permission: 'lock',
    },
    proclaim: {
      service: 'v3electionpb.Election',
      name: 'Proclaim',
      path: '/v3electionpb.Election/Proclaim',
      kind: 'unary',
      input: ProclaimRequest,
      output: ProclaimResponse,
      http: [{ method: 'POST', path: '/v3/election/proclaim' }],
      id: 45,
      permission: 'lock',
    },
    leader: {
      service: 'v3electionpb.Election',
      name: 'Leader',
      path: '/v3electionpb.Election/Leader',
      kind: 'unary',
      input: LeaderRequest,
      output: LeaderResponse,
      http: [{ method: 'POST', path: '/v3/election/leader' }],
      id: 46,
      permission: 'lock',
    },
    observe: {
      service: 'v3electionpb.Election',
      name: 'Observe',
      path: '/v3electionpb.Election/Observe',
      kind: 'server-stream',
      input: LeaderRequest,
      output: LeaderResponse,
      http: [{ method: 'POST', path: '/v3/election/observe' }],
      id: 47,
      permission: 'lock',
    },
    resign: {
      service: 'v3electionpb.Election',
      name: 'Resign',
      path: '/v3electionpb.Election/Resign',
      kind: 'unary',
      input: ResignRequest,
      output: ResignResponse,
      http: [{ method: 'POST', path: '/v3/election/resign' }],
      id: 48,
      permission: 'lock',
    },
  },
};

export const LadderService: {
  readonly typeName: 'understudy.v1.Ladder';
  readonly methods: {
    readonly clusterStatus: MethodDescriptor<ClusterStatusRequest, ClusterStatusResponse, 'unary'>;
    readonly plan: MethodDescriptor<PlanRequest, PlanResponse, 'unary'>;
    readonly policyGet: MethodDescriptor<PolicyGetRequest, PolicyGetResponse, 'unary'>;
    readonly policySet: MethodDescriptor<PolicySetRequest, PolicySetResponse, 'unary'>;
    readonly memberAdd: MethodDescriptor<AddMemberRequest, AddMemberResponse, 'unary'>;
    readonly memberPromote: MethodDescriptor<PromoteMemberRequest, PromoteMemberResponse, 'unary'>;
    readonly memberDemote: MethodDescriptor<DemoteMemberRequest, DemoteMemberResponse, 'unary'>;
    readonly memberReplace: MethodDescriptor<ReplaceMemberRequest, ReplaceMemberResponse, 'unary'>;
    readonly drain: MethodDescriptor<DrainRequest, DrainResponse, 'unary'>;
    readonly pause: MethodDescriptor<PauseRequest, PauseResponse, 'unary'>;
    readonly resume: MethodDescriptor<ResumeRequest, ResumeResponse, 'unary'>;
    readonly standbyList: MethodDescriptor<StandbyListRequest, StandbyListResponse, 'unary'>;
  };
} = {
  typeName: 'understudy.v1.Ladder',
  methods: {
    clusterStatus: {
      service: 'understudy.v1.Ladder',
      name: 'ClusterStatus',
      path: '/understudy.v1.Ladder/ClusterStatus',
      kind: 'unary',
      input: ClusterStatusRequest,
      output: ClusterStatusResponse,
      http: [{ method: 'POST', path: '/understudy/v1/cluster/status' }],
      id: 60,
      permission: 'user',
    },
    plan: {
      service: 'understudy.v1.Ladder',
      name: 'Plan',
      path: '/understudy.v1.Ladder/Plan',
      kind: 'unary',
      input: PlanRequest,
      output: PlanResponse,
      http: [{ method: 'POST', path: '/understudy/v1/plan' }],
      id: 61,
      permission: 'user',
    },
    policyGet: {
      service: 'understudy.v1.Ladder',
      name: 'PolicyGet',
      path: '/understudy.v1.Ladder/PolicyGet',
      kind: 'unary',
      input: PolicyGetRequest,
      output: PolicyGetResponse,
      http: [{ method: 'POST', path: '/understudy/v1/policy/get' }],
      id: 62,
      permission: 'user',
    },
    policySet: {
      service: 'understudy.v1.Ladder',
      name: 'PolicySet',
      path: '/understudy.v1.Ladder/PolicySet',
      kind: 'unary',
      input: PolicySetRequest,
      output: PolicySetResponse,
      http: [{ method: 'POST', path: '/understudy/v1/policy/set' }],
      id: 63,
      permission: 'admin',
    },
    memberAdd: {
      service: 'understudy.v1.Ladder',
      name: 'MemberAdd',
      path: '/understudy.v1.Ladder/MemberAdd',
      kind: 'unary',
      input: AddMemberRequest,
      output: AddMemberResponse,
      http: [{ method: 'POST', path: '/understudy/v1/member/add' }],
      id: 64,
      permission: 'admin',
    },
    memberPromote: {
      service: 'understudy.v1.Ladder',
      name: 'MemberPromote',
      path: '/understudy.v1.Ladder/MemberPromote',
      kind: 'unary',
      input: PromoteMemberRequest,
      output: PromoteMemberResponse,
      http: [{ method: 'POST', path: '/understudy/v1/member/promote' }],
      id: 65,
      permission: 'admin',
    },
    memberDemote: {
      service: 'understudy.v1.Ladder',
      name: 'MemberDemote',
      path: '/understudy.v1.Ladder/MemberDemote',
      kind: 'unary',
      input: DemoteMemberRequest,
      output: DemoteMemberResponse,
      http: [{ method: 'POST', path: '/understudy/v1/member/demote' }],
      id: 66,
      permission: 'admin',
    },
    memberReplace: {
      service: 'understudy.v1.Ladder',
      name: 'MemberReplace',
      path: '/understudy.v1.Ladder/MemberReplace',
      kind: 'unary',
      input: ReplaceMemberRequest,
      output: ReplaceMemberResponse,
      http: [{ method: 'POST', path: '/understudy/v1/member/replace' }],
      id: 67,
      permission: 'admin',
    },
    drain: {
      service: 'understudy.v1.Ladder',
      name: 'Drain',
      path: '/understudy.v1.Ladder/Drain',
      kind: 'unary',
      input: DrainRequest,
      output: DrainResponse,
      http: [{ method: 'POST', path: '/understudy/v1/drain' }],
      id: 68,
      permission: 'admin',
    },
    pause: {
      service: 'understudy.v1.Ladder',
      name: 'Pause',
      path: '/understudy.v1.Ladder/Pause',
      kind: 'unary',
      input: PauseRequest,
      output: PauseResponse,
      http: [{ method: 'POST', path: '/understudy/v1/pause' }],
      id: 69,
      permission: 'admin',
    },
    resume: {
      service: 'understudy.v1.Ladder',
      name: 'Resume',
      path: '/understudy.v1.Ladder/Resume',
      kind: 'unary',
      input: ResumeRequest,
      output: ResumeResponse,
      http: [{ method: 'POST', path: '/understudy/v1/resume' }],
      id: 70,
      permission: 'admin',
    },
    standbyList: {
      service: 'understudy.v1.Ladder',
      name: 'StandbyList',
      path: '/understudy.v1.Ladder/StandbyList',
      kind: 'unary',
      input: StandbyListRequest,
      output: StandbyListResponse,
      http: [{ method: 'POST', path: '/understudy/v1/standby/list' }],
      id: 71,
      permission: 'user',
    },
  },
};

export const StandbyService: {
  readonly typeName: 'understudy.v1.Standby';
  readonly methods: { readonly register: MethodDescriptor<StandbyReport, StandbyInstruction, 'bidi'> };
} = {
  typeName: 'understudy.v1.Standby',
  methods: {
    register: {
      service: 'understudy.v1.Standby',
      name: 'Register',
      path: '/understudy.v1.Standby/Register',
      kind: 'bidi',
      input: StandbyReport,
      output: StandbyInstruction,
      http: [{ method: 'POST', path: '/understudy/v1/standby/register' }],
      id: 80,
      permission: 'none',
    },
  },
};

export const HealthService: {
  readonly typeName: 'grpc.health.v1.Health';
  readonly methods: {
    readonly check: MethodDescriptor<HealthCheckRequest, HealthCheckResponse, 'unary'>;
    readonly watch: MethodDescriptor<HealthCheckRequest, HealthCheckResponse, 'server-stream'>;
  };
} = {
  typeName: 'grpc.health.v1.Health',
  methods: {
    check: {
      service: 'grpc.health.v1.Health',
      name: 'Check',
      path: '/grpc.health.v1.Health/Check',
      kind: 'unary',
      input: HealthCheckRequest,
      output: HealthCheckResponse,
      http: [],
      id: 90,
      permission: 'none',
    },
    watch: {
      service: 'grpc.health.v1.Health',
      name: 'Watch',
      path: '/grpc.health.v1.Health/Watch',
      kind: 'server-stream',
      input: HealthCheckRequest,
      output: HealthCheckResponse,
      http: [],
      id: 91,
      permission: 'none',
    },
  },
};

export const ServerReflectionService: {
  readonly typeName: 'grpc.reflection.v1.ServerReflection';
  readonly methods: {
    readonly serverReflectionInfo: MethodDescriptor<ServerReflectionRequest, ServerReflectionResponse, 'bidi'>;
  };
} = {
  typeName: 'grpc.reflection.v1.ServerReflection',
  methods: {
    serverReflectionInfo: {
      service: 'grpc.reflection.v1.ServerReflection',
      name: 'ServerReflectionInfo',
      path: '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo',
      kind: 'bidi',
      input: ServerReflectionRequest,
      output: ServerReflectionResponse,
      http: [],
      id: 92,
      permission: 'none',
    },
  },
};
export const services: readonly ServiceDescriptor[] = [
  KVService,
  WatchService,
  LeaseService,
  ClusterService,
  MaintenanceService,
  AuthService,
  LockService,
  ElectionService,
  LadderService,
  StandbyService,
  HealthService,
  ServerReflectionService,
];
